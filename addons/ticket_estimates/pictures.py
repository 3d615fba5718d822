"""How large a picture is, without unpacking it."""

import io

from PIL import Image

# Odoo resizes no larger ones either (``odoo.tools.image.IMAGE_MAX_RESOLUTION``).
MAX_PIXELS = 50_000_000
# What somebody draws with a finger or scans.
MAX_SIGNATURE_PIXELS = 10_000_000


def get_pixels(content: bytes) -> int | None:
    """Return the number of pixels that a picture says it has; None for other files."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
    except Image.DecompressionBombError:
        return MAX_PIXELS + 1
    except (OSError, SyntaxError, ValueError, OverflowError):
        return None
    return width * height


def is_too_large(content: bytes) -> bool:
    """Return whether unpacking a picture would take too much memory."""
    return (get_pixels(content) or 0) > MAX_PIXELS

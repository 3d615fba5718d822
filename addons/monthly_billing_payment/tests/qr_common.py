from io import BytesIO

import zxingcpp
from PIL import Image


def read_codes(image):
    """Return the texts of the QR codes on a picture (bytes of a file, or Pillow's)."""
    if isinstance(image, bytes):
        image = Image.open(BytesIO(image))
    # light around the code, as on paper
    paper = Image.new("RGB", (image.width + 80, image.height + 80), "white")
    paper.paste(image, (40, 40))
    return [found.text for found in zxingcpp.read_barcodes(paper)]

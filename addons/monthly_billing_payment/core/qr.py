"""QR codes without a drawing library: dark and light squares as a PNG."""

from io import BytesIO

from qrcode import QRCode, constants

#: error correction by its letter: 7, 15, 25, 30 % of the code may be illegible
LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}
#: squares around a code; anybody may ask Odoo for a code with any border
MAX_BORDER = 20
#: pixels per square: sharp in print at three centimetres
BOX_SIZE = 8


def draw_qr(value: str, level: str = "M", border: int = 4) -> bytes:
    """Return the PNG of a QR code.

    :param level: error correction, a key of ``LEVELS``
    :param border: light squares around it
    :raises ValueError: the value is too long for a QR code
    """
    code = QRCode(
        error_correction=LEVELS[level],
        box_size=BOX_SIZE,
        border=border,
    )
    code.add_data(value.encode())
    code.make(fit=True)
    target = BytesIO()
    code.make_image().save(target, format="PNG")
    return target.getvalue()

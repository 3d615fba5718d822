"""Payment terms as an e-invoice states them (BT-20): plain values, no Odoo."""

import re
from collections.abc import Iterable

#: A line of KoSIT's for a discount on early payment (BR-DE-18, XR-SKONTO-REGEX)
DISCOUNT_LINE = re.compile(
    r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#"
)
#: What begins so is read by machines and must be a line of KoSIT's
MARK = "#"
#: formats that are invalid with any other marked line
STRICT_FORMATS = ("xrechnung", "ubl_bis3")


def format_discount(days: int, percent: float, basis: float | None = None) -> str:
    """Return the line that offers a discount on early payment.

    :param days: from the date of the invoice on
    :param percent: of the amount due, or of ``basis`` where that is another amount
    """
    line = f"#SKONTO#TAGE={days}#PROZENT={percent:.2f}"
    return f"{line}#" if basis is None else f"{line}#BASISBETRAG={basis:.2f}#"


def join(lines: Iterable[str]) -> str:
    """Return the lines as one text: sentences first, then what machines read.

    A line of theirs ends with a line break, the last one too (BR-DE-18).
    """
    texts = [line.strip() for line in lines if line.strip()]
    marked = [text for text in texts if text.startswith(MARK)]
    sentences = [text for text in texts if not text.startswith(MARK)]
    return "\n".join([*sentences, *marked]) + ("\n" if marked else "")


def find_refused(lines: Iterable[str]) -> list[str]:
    """Return the lines that make an invoice invalid: marked, but not KoSIT's."""
    return [
        line.strip()
        for line in lines
        if line.strip().startswith(MARK) and not DISCOUNT_LINE.fullmatch(line.strip())
    ]

"""Tables of CSV and Excel files: a heading, and rows of cells."""

import csv
import io
import zipfile
from typing import NamedTuple

from .errors import FileError

MAX_BYTES = 50 * 1024 * 1024
#: what an Excel file may become when it is unpacked
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 60_000
DELIMITERS = ";,\t|"


class Table(NamedTuple):
    """``header`` are texts; ``rows`` are pairs of (line in the file, cells)."""

    header: list
    rows: list


def read_table(content, encoding=None, delimiter=None):
    """Return the ``Table`` of a file, whichever of both it is.

    :param encoding: None to find it
    :param delimiter: None to find it
    :raise FileError: if it is none of both, too big or empty
    """
    if len(content) > MAX_BYTES:
        raise FileError("too_big", str(MAX_BYTES // 1024 // 1024))
    if content[:4] == b"PK\x03\x04":
        return read_excel(content)
    return read_csv(content, encoding, delimiter)


def read_csv(content, encoding=None, delimiter=None):
    """Return the ``Table`` of a CSV file; see ``read_table``."""
    text = decode(content, encoding)
    delimiter = delimiter or guess_delimiter(text)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
            if len(rows) > MAX_ROWS:
                raise FileError("too_big", str(MAX_ROWS))
    except csv.Error as error:
        raise FileError("format", str(reader.line_num)) from error
    return find_header(rows)


def decode(content, encoding=None):
    """Return the text of a file.

    :raise FileError: ``encoding``
    """
    if not encoding:
        is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        encoding = "utf-16" if is_wide else None
    for name in [encoding] if encoding else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    raise FileError("encoding")


def guess_delimiter(text):
    """Return what separates the cells: the sign that cuts most of the first lines into
    the same number of parts."""
    lines = [line for line in text.splitlines()[:50] if line.strip()][:20]

    def rate(sign):
        counts = [len(cells) for cells in csv.reader(lines, delimiter=sign)]
        counts = [count for count in counts if count > 1]
        usual = max(counts, key=counts.count, default=1)
        return counts.count(usual), usual

    return max(DELIMITERS, key=rate)


def read_excel(content):
    """Return the ``Table`` of the first sheet of an Excel file; see ``read_table``."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise FileError("too_big", str(MAX_UNPACKED // 1024 // 1024))
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        sheet = book.worksheets[0]
        rows = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            rows.append((number, list(cells[:MAX_COLUMNS])))
            if len(rows) > MAX_ROWS:
                raise FileError("too_big", str(MAX_ROWS))
    except FileError:
        raise
    except Exception as error:  # openpyxl has no error of its own for odd files
        raise FileError("format") from error
    return find_header(rows)


def find_header(rows):
    """Return the ``Table`` whose heading is the first row with two texts.

    What stands above it (a title, the period) is no time. Rows without any cell are
    left out.

    :raise FileError: ``empty``
    """
    for index, (_line, cells) in enumerate(rows):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in cells) >= 2:
            header = [str(cell if cell is not None else "").strip() for cell in cells]
            body = [
                (line, cells)
                for line, cells in rows[index + 1 :]
                if any(str(cell).strip() for cell in cells if cell is not None)
            ]
            if body:
                return Table(header[:MAX_COLUMNS], body)
            break
    raise FileError("empty")

"""What a printed document may load: its own assets, nothing from elsewhere.

The printer (wkhtmltopdf) follows every address in the HTML from within the firm's
network, with the session of whoever prints. Texts in a document come from customers,
templates and other programs: an address in one of them must not be followed.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote, urlsplit

from lxml import etree, html

# Attributes that make a browser load something; ``href`` of a link does not.
LOADING = (
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "lowsrc",
    "dynsrc",
)
# These load their ``href``: style sheets, and pictures within SVG.
LOADING_BY_HREF = ("link", "image", "use", "feimage")
# Other documents in the document.
FRAMES = ("iframe", "frame", "frameset", "object", "embed", "applet", "portal")
# Where the server keeps what belongs to documents; every other address may act.
OWN_PATHS = re.compile(
    r"/(web/assets/|web/image/|web/image\?|web/content/|web/binary/company_logo|logo\b"
    r"|report/barcode/|report/barcode\?|[a-z0-9_]+/static/)"
)
INLINE = re.compile(
    r"data:(image/(png|jpe?g|gif|webp|svg\+xml)|font/|application/font)"
)
CSS_ADDRESS = re.compile(
    r"url\(\s*(['\"]?)(.*?)\1\s*\)|(@import)\s+(['\"])(.*?)\4", re.I
)


def get_origin(address: str) -> str:
    """Return the server an address names (``http://host:8069``), "" if none."""
    parts = urlsplit(address)
    named = parts.scheme or parts.netloc
    return f"{parts.scheme}://{parts.netloc}".lower() if named else ""


def is_own_asset(address: str, bases: Iterable[str]) -> bool:
    """Return whether a document may load ``address``.

    :param bases: addresses of this server, as ``http://127.0.0.1:8069``
    """
    # A browser skips these when it reads an address.
    address = re.sub(r"[\x00-\x20\\]", "", address or "")
    if not address or address.startswith("#") or INLINE.match(address.lower()):
        return True
    if origin := get_origin(address):
        if origin not in {get_origin(base) for base in bases}:
            return False
        address = address[len(origin) :]
    path = unquote(address)
    return ".." not in path and bool(OWN_PATHS.match(path))


def keep_own_assets(
    document: str,
    bases: Iterable[str],
    leads_elsewhere: Callable[[str], bool] = lambda address: False,
) -> str:
    """Return the HTML of a document without what would be loaded from elsewhere.

    Scripts of the document stay: texts cannot bring any, they are cleaned when they
    are saved.

    :param bases: addresses of this server; the one in the head of the document, which
        no text can reach, is of this server as well
    :param leads_elsewhere: returns whether an own address is only a link to another
    """
    root = html.document_fromstring(document, parser=html.HTMLParser(encoding="utf-8"))
    bases = [*bases, *root.xpath("/html/head/base/@href")]
    origins = {get_origin(base) for base in bases}

    def may_load(address):
        return is_own_asset(address, bases) and not leads_elsewhere(address)

    for node in list(root.iter(etree.Element)):
        tag = str(node.tag).rpartition("}")[2].lower()
        if tag in FRAMES or (tag == "meta" and _acts(node)):
            node.drop_tree()
        elif tag == "base":
            if get_origin(node.get("href") or "") not in origins:
                node.drop_tree()
        else:
            _keep_own_attributes(node, tag, may_load)
            if tag == "style" and node.text:
                node.text = _keep_own_styles(node.text, may_load)
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _acts(meta) -> bool:
    return (meta.get("http-equiv") or "").strip().lower() in ("refresh", "set-cookie")


def _keep_own_attributes(node, tag: str, may_load: Callable) -> None:
    """Take from one element what loads something from elsewhere."""
    for name, value in list(node.attrib.items()):
        key = name.lower()
        loads = key in LOADING
        if key.rpartition("}")[2].rpartition(":")[2] == "href":
            loads = tag in LOADING_BY_HREF
        addresses = [value]
        if key == "srcset":
            addresses = [part.split()[0] for part in value.split(",") if part.split()]
        if loads and not all(may_load(address) for address in addresses):
            del node.attrib[name]
        elif key == "style":
            # A backslash may spell a letter by its number: no style of ours has one.
            styles = "" if "\\" in value else _keep_own_styles(value, may_load)
            node.set(name, styles)


def _keep_own_styles(styles: str, may_load: Callable) -> str:
    """Return CSS whose addresses from elsewhere are empty."""

    def keep(match):
        address = match[5] if match[3] else match[2]
        if may_load(address):
            return match[0]
        return "" if match[3] else "url()"

    return CSS_ADDRESS.sub(keep, styles)

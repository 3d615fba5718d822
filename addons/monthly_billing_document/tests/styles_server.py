"""A web server for wkhtmltopdf in tests: styles and fonts of reports, nothing else."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.tools.misc import file_open

FONTS = (".ttf", ".otf", ".woff", ".woff2")
BUNDLES = ("web.report_assets_common", "web.report_assets_pdf")


def _read_static(path):
    """Return the content of a file of an addon for the web, None if there is none."""
    if "/static/" not in path:
        return None
    try:
        with file_open(path.lstrip("/"), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def start_styles_server(test):
    """Serve what reports look like until the end of ``test``; return the address.

    Without it headers and footers of a PDF stay empty: they are not there yet when
    the page is printed. For the same reason everything may be cached. Without patched
    Qt texts in a font of the web are drawn as shapes: no test could read them.
    """
    has_fonts = test.env["ir.actions.report"]._prints_heads()
    styles = {}
    for name in BUNDLES:
        bundle = test.env["ir.qweb"]._get_asset_bundle(name, css=True, js=False)
        styles[name] = b"".join(file.raw for file in bundle.css())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            content = self._get_content(self.path.partition("?")[0])
            self.send_response_only(404 if content is None else 200)  # undated
            self.send_header("Content-Length", str(len(content or b"")))
            self.send_header("Cache-Control", "public, max-age=31536000")
            if self.path.endswith(".css"):
                self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(content or b"")

        def _get_content(self, path):
            for name, content in styles.items():
                if name in path:
                    return content
            if path.endswith(FONTS) and not has_fonts:
                return b""
            return _read_static(path)

        def log_message(self, *_arguments):
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addCleanup(server.server_close)
    test.addCleanup(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}"

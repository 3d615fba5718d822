import http.server
import threading

from lxml import html

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..printing import is_own_asset, keep_own_assets
from .common import TicketEstimatesCommon

BASES = ("http://127.0.0.1:8069", "https://firm.example.com/")
OWN = (
    "/web/assets/1/abc/web.report_assets_common.min.css",
    "http://127.0.0.1:8069/web/assets/1/abc/web.report_assets_common.min.css",
    "https://firm.example.com/web/image/12-abc/pasted.png",
    "/web/static/img/logo.png",
    "/report/barcode/?barcode_type=QR&value=x",
    "data:image/png;base64,AAAA",
    "#part",
    "",
)
FOREIGN = (
    "http://169.254.169.254/latest/meta-data",
    "//evil.example.com/x.png",
    "\\\\evil.example.com\\x.png",
    "ht\ntp://evil.example.com/x.png",
    "HTTP://EVIL.example.com/x.png",
    "https://firm.example.com.evil.example.com/web/image/1",
    "https://firm.example.com@evil.example.com/web/image/1",
    "file:///etc/passwd",
    "ftp://127.0.0.1:8069/web/image/1",
    "http://127.0.0.1:5432/",
    "/web/session/logout",
    "/my/ticket/1",
    "/web/static/../session/logout",
    "/web/static/%2e%2e/session/logout",
    "data:text/html,<script>alert(1)</script>",
    "javascript:alert(1)",
)
SNIPPETS = (
    '<img src="{0}">',
    '<img src="/web/static/x.png" srcset="/web/static/y.png 1x, {0} 2x">',
    '<table background="{0}"><tr><td background="{0}">x</td></tr></table>',
    '<input type="image" src="{0}">',
    '<video poster="{0}"><source src="{0}"></video><audio src="{0}"></audio>',
    '<iframe src="{0}"></iframe><object data="{0}"></object><embed src="{0}">',
    '<svg><image xlink:href="{0}" href="{0}"/><use xlink:href="{0}"/></svg>',
    '<link rel="stylesheet" href="{0}"><script src="{0}"></script>',
    "<div style=\"background: url('{0}')\">x</div>",
    '<div style="background:URL({0});list-style:url( {0} )">x</div>',
    "<div style=\"background:\\75rl('{0}')\">x</div>",
    '<style>@import "{0}"; p {{ background: url("{0}") }} @import url({0});</style>',
    '<meta http-equiv="refresh" content="0;url={0}">',
    '<base href="{0}">',
)


class TestOwnAssets(BaseCase):
    def keep(self, snippet):
        document = f"<html><head></head><body><p>Text</p>{snippet}</body></html>"
        return keep_own_assets(document, BASES)

    def test_own_assets_are_loaded(self):
        for address in OWN:
            self.assertTrue(is_own_asset(address, BASES), address)

    def test_nothing_else_is_loaded(self):
        for address in FOREIGN:
            self.assertFalse(is_own_asset(address, BASES), address)

    def test_no_place_in_a_document_leads_elsewhere(self):
        address = "http://evil.example.com/x.png"
        for snippet in SNIPPETS:
            with self.subTest(snippet):
                kept = self.keep(snippet.format(address))
                self.assertNotIn("evil", kept)
                self.assertIn("<p>Text</p>", kept)

    def test_links_pictures_and_styles_of_our_own_stay(self):
        snippet = (
            '<base href="http://127.0.0.1:8069/"><a href="http://other.example.com">x'
            '</a><img src="/web/image/12-abc/pasted.png">'
            '<div style="background:url(/web/static/x.png); color: red">Ü 5 < 6</div>'
        )
        root = html.fromstring(self.keep(snippet))
        self.assertEqual(root.xpath("//a/@href"), ["http://other.example.com"])
        self.assertEqual(root.xpath("//img/@src"), ["/web/image/12-abc/pasted.png"])
        self.assertIn("/web/static/x.png", root.xpath("//div/@style")[0])
        self.assertEqual(root.xpath("//base/@href"), ["http://127.0.0.1:8069/"])
        self.assertIn("Ü 5 < 6", root.text_content())


@tagged("post_install", "-at_install")
class TestPrinting(TicketEstimatesCommon):
    """The estimate's PDF asks no server, whatever its texts say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asked = asked = []

        class Listener(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.address = f"http://127.0.0.1:{server.server_port}/secret"

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_pictures_in_the_scope_are_not_fetched(self):
        estimate = self._create_estimate(
            scope=f'<p>Scope</p><img src="{self.address}"/>'
            f'<p style="background-image:url({self.address})">More</p>'
        )
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, kind = reports._render_qweb_pdf(
            "ticket_estimates.action_report_estimate", estimate.ids
        )
        self.assertEqual((kind, pdf[:4], self.asked), ("pdf", b"%PDF", []))

    def test_a_stored_file_that_is_a_link_is_not_followed(self):
        link = self.env["ir.attachment"].create(
            {"name": "x.png", "type": "url", "url": self.address}
        )
        document = f'<html><body><img src="/web/image/{link.id}"/></body></html>'
        kept = self.env["ir.actions.report"]._shield(document)
        self.assertNotIn("/web/image", kept)

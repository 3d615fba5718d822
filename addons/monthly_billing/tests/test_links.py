"""Every address that customers get opens a page on which everything works."""

from html import unescape
from re import findall, search
from urllib.parse import urlsplit

from lxml import html

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .payment_common import OnlinePaymentCommon

#: where customers are led to; the orders and filters of lists are left alone
OURS = ("/my/ticket", "/my/estimate", "/my/invoice", "/my/timesheets", "/new/ticket")


class LinksCommon(OnlinePaymentCommon):
    """A ticket, its estimate and its invoice, and a customer with a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.invoice.invoice_line_ids.ticket_id
        cls.estimate = cls.approve_estimate(cls.ticket, 5)
        cls.user = new_test_user(
            cls.env, "mb_links", groups="base.group_portal", password="mb_links"
        )
        cls.user.partner_id.parent_id = cls.partner
        cls.ticket.message_subscribe(cls.user.partner_id.ids)

    def open(self, address):
        """Return the root of a page; it must be the one that was asked for."""
        address = unescape(address).partition("#")[0]
        path = urlsplit(address).path
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200, address)
        # Odoo leaves out the language of the visitor, and nothing else
        self.assertTrue(path.endswith(urlsplit(page.url).path), (address, page.url))
        if "html" not in page.headers["Content-Type"]:
            return None
        return html.fromstring(page.content)

    def get_links(self, root):
        links = {
            link.partition("#")[0]
            for link in root.xpath("//main//a/@href | //main//iframe/@src")
        }
        return {
            link
            for link in links
            if link.startswith(OURS) and not search("(sort|filter|group|search)", link)
        }

    def pay(self, root):
        """Press Pay as the browser does: with what stands on the page."""
        [form] = root.xpath("//form[@id='o_payment_form']")
        answer = self.url_open(
            form.get("data-transaction-route"),
            json={
                "params": {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.provider.payment_method_ids[:1].id,
                    "token_id": None,
                    "amount": float(form.get("data-amount")),
                    "flow": "direct",
                    "tokenization_requested": False,
                    "landing_route": form.get("data-landing-route"),
                    **(
                        {"access_token": form.get("data-access-token")}
                        if form.get("data-access-token")
                        else {}
                    ),
                }
            },
        ).json()
        self.assertIn("result", answer)

    def walk(self, *addresses):
        """Open pages and all that they lead to; return the paths of those."""
        waiting, seen = list(addresses), set()
        while waiting:
            address = waiting.pop()
            with self.subTest(address):
                root = self.open(address)
                if root is None or "report_type" in address:
                    continue
                new = self.get_links(root) - seen
                seen |= new
                waiting += sorted(new)
        return {urlsplit(address).path for address in seen}


@tagged("post_install", "-at_install")
class TestLinks(LinksCommon):
    def test_all_links_from_the_first_page_on(self):
        self.authenticate("mb_links", "mb_links")
        ticket = f"/my/ticket/{self.ticket.id}"
        paths = self.walk("/my", ticket, "/my/estimates")
        self.assertIn(f"/my/invoices/{self.invoice.id}", paths)
        self.assertIn(f"/my/estimate/{self.estimate.id}", paths)

    def test_an_invoice_opened_from_its_ticket_can_be_paid(self):
        self.authenticate("mb_links", "mb_links")
        ticket = self.open(f"/my/ticket/{self.ticket.id}")
        [link] = ticket.xpath("//*[contains(@class, 'o_ticket_invoices')]//a/@href")
        self.pay(self.open(link))

    def test_an_invoice_opened_by_a_typed_address_can_be_paid(self):
        self.authenticate("mb_links", "mb_links")
        self.pay(self.open(f"/my/invoices/{self.invoice.id}"))

    def test_who_has_but_the_link_of_a_ticket_is_asked_to_sign_in(self):
        url = f"/my/ticket/{self.ticket.id}?access_token="
        page = self.open(url + self.ticket.sudo()._portal_ensure_token())
        [link] = page.xpath("//*[contains(@class, 'o_ticket_invoices')]//a/@href")
        self.assertEqual(link, f"/web/login?redirect=/my/invoices/{self.invoice.id}")

    def test_links_of_mails_and_of_the_printed_invoice_can_be_paid(self):
        printed = self.render(self.invoice).xpath("//a/@href")
        mailed = findall(r'href="([^"]*/my/[^"]*)"', self.deliver()["body"])
        links = {unescape(link) for link in [*printed, *mailed] if "/my/" in link}
        self.assertTrue(links)
        for link in links:
            with self.subTest(link):
                self.pay(self.open(link))

    def test_a_stranger_gets_no_token_by_an_address(self):
        new_test_user(
            self.env, "mb_other", groups="base.group_portal", password="mb_other"
        )
        self.authenticate("mb_other", "mb_other")
        page = self.url_open(f"/my/invoices/{self.invoice.id}")
        self.assertTrue(page.url.endswith("/my"))
        self.assertNotIn(self.invoice._portal_ensure_token(), page.text)


@tagged("post_install", "-at_install")
class TestBackendButtons(LinksCommon):
    """Buttons of the firm's people that lead to a page, and links they give away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.make_user(
            "mb_staff",
            "monthly_billing.monthly_billing_group_manager,"
            "helpdesk_mgmt.group_helpdesk_manager,base.group_partner_manager",
        )
        cls.staff.password = "mb_staff"

    def press(self, record, name, **context):
        """Return the address that a button leads to."""
        action = getattr(record.with_user(self.staff).with_context(**context), name)()
        self.assertEqual(action["type"], "ir.actions.act_url")
        return action["url"]

    def test_previews_and_all_that_they_lead_to(self):
        self.authenticate("mb_staff", "mb_staff")
        for record, name in (
            (self.invoice, "preview_invoice"),
            (self.estimate, "action_preview"),
        ):
            self.walk(self.press(record, name))

    def test_files_of_the_timesheet_report(self):
        self.authenticate("mb_staff", "mb_staff")
        for kind in ("pdf", "xlsx", "csv"):
            with self.subTest(kind):
                address = self.press(
                    self.invoice,
                    "action_download_timesheet_report",
                    timesheet_report_kind=kind,
                )
                page = self.url_open(address)
                self.assertEqual(page.status_code, 200)
                self.assertTrue(page.content)

    def share(self, record):
        """Return the link that the firm's people copy from the dialog Share."""
        dialog = self.env["portal.share"].with_user(self.staff)
        return dialog.create(
            {
                "res_model": record._name,
                "res_id": record.id,
                "partner_ids": [Command.set(self.user.partner_id.ids)],
            }
        ).share_link

    def follow(self, address):
        """Return path and root of the page that a link ends at."""
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200, address)
        return urlsplit(page.url).path, html.fromstring(page.content)

    def test_shared_links_open_the_page_of_who_has_a_login(self):
        self.authenticate("mb_links", "mb_links")
        for record, path in (
            (self.invoice, f"/my/invoices/{self.invoice.id}"),
            (self.ticket, f"/my/ticket/{self.ticket.id}"),
            (self.estimate, f"/my/estimate/{self.estimate.id}"),
        ):
            with self.subTest(path):
                found, root = self.follow(self.share(record))
                self.assertEqual(found, path)
                for link in self.get_links(root):
                    self.open(link)

    def test_a_shared_invoice_can_be_paid_without_login(self):
        _path, root = self.follow(self.share(self.invoice))
        self.pay(root)

    def test_a_shared_ticket_leads_its_reader_without_login_on(self):
        path, root = self.follow(self.share(self.ticket))
        self.assertEqual(path, f"/my/ticket/{self.ticket.id}")
        for link in self.get_links(root):
            found, _root = self.follow(unescape(link))
            self.assertIn(found, (urlsplit(link).path, "/web/login"))

    def test_a_shared_estimate_asks_who_has_no_token_to_sign_in(self):
        path, _root = self.follow(self.share(self.estimate))
        self.assertEqual(path, "/web/login")

    def test_a_payment_link_can_be_paid(self):
        wizard = self.env["payment.link.wizard"].with_context(
            active_model="account.move", active_id=self.invoice.id
        )
        self.pay(self.open(wizard.create({}).link))

from base64 import b64encode
from urllib.parse import urlencode, urlsplit

from odoo import http
from odoo.tests import HttpCase

from .common import TicketEstimatesCommon

# A red dot.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHx"
    "gljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
SVG = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
).decode()


class EstimatePortalCommon(TicketEstimatesCommon, HttpCase):
    """Two customers with portal users; the first has a contact who opens tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ticket_estimate_approval = "everyone"
        cls.customer.is_company = True
        cls.contact = cls._create_customer(name="Dr Bauer", parent_id=cls.customer.id)
        cls.boss = cls._create_customer(name="Ms Boss", parent_id=cls.customer.id)
        cls.ticket.partner_id = cls.contact
        cls.portal = cls._create_portal_user("te_portal", cls.contact)
        cls.colleague = cls._create_portal_user("te_colleague", cls.boss)
        cls.stranger = cls._create_portal_user("te_stranger", cls.other_customer)

    @classmethod
    def _create_portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )

    def _log_in(self, user):
        """Log in ``user``, or nobody; passwords are the logins."""
        self.authenticate(user and user.login, user and user.login)

    def _get_link(self, estimate, partner=None, **changes):
        """Return the query of a mailed link, with ``changes`` to it."""
        link = {"access_token": estimate.access_token}
        if partner:
            link["pid"] = partner.id
            link["hash"] = estimate._sign_token(partner.id)
        return {**link, **changes}

    def _open(self, estimate, suffix="", **arguments):
        url = f"/my/estimate/{estimate.id}{suffix}"
        return self.url_open(f"{url}?{urlencode(arguments)}", allow_redirects=False)

    def _accept(self, estimate, name="Dr Bauer", signature=PNG, shown=None, **link):
        """Sign online; return what the page is told."""
        shown = shown or estimate._get_terms_fingerprint()
        query = urlencode({**link, "fingerprint": shown})
        return self.make_jsonrpc_request(
            f"/my/estimate/{estimate.id}/accept?{query}",
            {"name": name, "signature": signature},
        )

    def _decline(self, estimate, reason="Too expensive", shown=None, **link):
        """Post the form; return the response."""
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "name": "Dr Bauer",
            "reason": reason,
            "fingerprint": shown or estimate._get_terms_fingerprint(),
        }
        return self.url_open(
            f"/my/estimate/{estimate.id}/decline?{urlencode(link)}",
            data=data,
            allow_redirects=False,
        )

    def assertRedirectsTo(self, response, path):
        self.assertEqual(response.status_code, 303)
        self.assertEqual(urlsplit(response.headers["Location"]).path, path)

from odoo.http import Request
from odoo.tests import HttpCase

from .common import TicketEstimatesCommon


class TicketPortalCommon(TicketEstimatesCommon, HttpCase):
    """Two customers, each with a person who uses the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._create_portal_user("tp_customer", cls.customer)
        cls.stranger = cls._create_portal_user("tp_stranger", cls.other_customer)

    @classmethod
    def _create_portal_user(cls, login, customer, **values):
        user = cls._create_user(login, "base.group_portal", **values)
        user.partner_id.parent_id = customer
        return user

    def _login(self, user):
        """Go on as ``user``, with the login as password; None: as the public."""
        login = user.login if user else None
        self.authenticate(login, login)

    def _get_page(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response

    def _post(self, url, csrf=True, **data):
        """Send a form; without following where it leads."""
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data, allow_redirects=False)

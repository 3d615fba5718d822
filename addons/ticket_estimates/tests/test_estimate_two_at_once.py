from contextlib import contextmanager
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.helpdesk_ticket_estimate_answer import EstimateChanged
from ..models.helpdesk_ticket_estimate_portal import Visitor
from .portal_common import PNG


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TransactionCase):
    """Two transactions of the database, as two people at once have them."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            partner = env["res.partner"].create({"name": "Two at Once"})
            ticket = env["helpdesk.ticket"].create(
                {"name": "Login", "description": "x", "partner_id": partner.id}
            )
            estimate = env["helpdesk.ticket.estimate"].create(
                {
                    "ticket_id": ticket.id,
                    "estimated_hours": 2.0,
                    "product_id": False,
                    "price_unit": 90.0,
                }
            )
            estimate._mark_sent()
            self.estimate_id = estimate.id
            self.shown = estimate._get_terms_fingerprint()
        self.addCleanup(self._clean_up)

    @contextmanager
    def _transaction(self):
        """Yield an environment of a transaction of its own, committed at the end."""
        with db_connect(self.cr.dbname).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self._transaction() as env:
            estimate = self._browse(env)
            ticket, partner = estimate.ticket_id, estimate.partner_id
            estimate._write_transition({"state": "draft"})
            ticket.unlink()
            partner.unlink()

    def _browse(self, env):
        return env["helpdesk.ticket.estimate"].browse(self.estimate_id)

    def _approve(self, env, name):
        estimate = self._browse(env)
        visitor = Visitor("personal_link", estimate.partner_id, env["res.users"])
        estimate._approve_online(visitor, name, PNG, self.shown, "::1")

    def _read(self):
        with self._transaction() as env:
            return self._browse(env).read(["state", "signed_by"])[0]

    def test_an_approval_that_is_under_way_is_not_disturbed(self):
        with self._transaction() as first:
            self._approve(first, "First")
            with (
                self._transaction() as second,
                self.assertRaisesRegex(UserError, "right now"),
            ):
                self._approve(second, "Second")
        self.assertEqual(self._read()["signed_by"], "First")

    @mute_logger("odoo.sql_db")
    def test_of_two_approvals_at_once_the_second_is_told(self):
        with self._transaction() as second:
            # The second has opened the estimate before the first commits.
            self.assertEqual(self._browse(second).state, "sent")
            with self._transaction() as first:
                self._approve(first, "First")
            with self.assertRaises(EstimateChanged):
                retrying(partial(self._approve, second, "Second"), second)
        self.assertEqual(self._read()["signed_by"], "First")

    @mute_logger("odoo.sql_db")
    def test_of_approval_and_withdrawal_at_once_the_first_wins(self):
        with self._transaction() as customer:
            self.assertEqual(self._browse(customer).state, "sent")
            with self._transaction() as team:
                self._browse(team)._withdraw()
            with self.assertRaises(EstimateChanged):
                retrying(partial(self._approve, customer, "Second"), customer)
        self.assertEqual(self._read()["state"], "draft")

    @mute_logger("odoo.sql_db")
    def test_a_withdrawal_comes_too_late_after_the_approval(self):
        with self._transaction() as team:
            self.assertEqual(self._browse(team).state, "sent")
            with self._transaction() as customer:
                self._approve(customer, "First")
            with self.assertRaisesRegex(UserError, "no longer possible"):
                retrying(self._browse(team)._withdraw, team)
        self.assertEqual(self._read()["state"], "approved")

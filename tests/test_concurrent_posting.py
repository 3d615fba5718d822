"""Two people post invoices for one customer at the same moment, each in a transaction
of their own that the other one does not see."""

import threading
import time
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged

DAY = date(2026, 10, 31)
WAITING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
#: seconds until a thread that does not come on is given up
PATIENCE = 30


@tagged("post_install", "-at_install")
class TestConcurrentPosting(BaseCase):
    """What is committed here is removed again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        self.made, self.moves = [], []
        with self.open() as env:
            self.moves = self.create_invoices(env).ids
        self.errors, self.attempts = [], 0

    def open(self):
        """Return a context with an environment on a connection of its own."""
        return Session(self.registry)

    def create(self, env, model, values):
        record = env[model].create(values)
        self.made += [(model, record_id) for record_id in record.ids]
        return record

    def create_invoices(self, env):
        """Create two drafts of 15 h for a customer with tiers from 10 h and 20 h."""
        journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
        if not journal:
            self.create_books(env)
            journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
        company = journal.company_id
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        service = self.create(
            env,
            "product.product",
            {
                "name": "Support at once",
                "type": "service",
                "uom_id": env.ref("uom.product_uom_hour").id,
                "list_price": 120,
                "taxes_id": False,
            },
        )
        tiers = [
            Command.create(
                {"min_quantity": hours, "price_type": "price", "price_unit": price}
            )
            for hours, price in ((10, 110), (20, 100))
        ]
        table = self.create(
            env, "volume.discount", {"name": "At once", "tier_ids": tiers}
        )
        partner = self.create(
            env,
            "res.partner",
            {"name": "Two at once", "is_company": True, "volume_discount_id": table.id},
        )
        line = {"product_id": service.id, "quantity": 15}
        invoice = {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "journal_id": journal.id,
            "invoice_date": DAY,
            "delivery_date": DAY,
            "invoice_line_ids": [Command.create(line)],
        }
        # one journal would make them wait for each other's number
        other = self.create(
            env,
            "account.journal",
            {"name": "Second", "code": "2ND1", "type": "sale"},
        )
        invoices = [invoice, invoice | {"journal_id": other.id}]
        moves = self.create(env, "account.move", invoices)
        moves.action_apply_volume_discount()
        return moves

    def create_books(self, env):
        """Give the company accounts and journals; they stay."""
        env["account.chart.template"].try_loading(
            "generic_coa", env.company, install_demo=False
        )

    def remove(self):
        with self.open() as env:
            moves = env["account.move"].browse(self.moves).exists()
            moves.filtered(lambda move: move.state == "posted").button_draft()
            moves.with_context(force_delete=True).unlink()
            for model, record_id in reversed(self.made):
                env[model].browse(record_id).exists().unlink()

    def post(self, move_id, may_begin, has_begun, wait_to_commit):
        """Post an invoice in a transaction that began before the other one ended."""
        try:
            may_begin.wait(PATIENCE)
            with self.open() as env:
                env.cr.execute("SELECT count(*) FROM account_move")  # its snapshot
                move = env["account.move"].browse(move_id)

                def action():
                    self.attempts += 1
                    move.action_post()
                    env.flush_all()
                    wait_to_commit()

                has_begun.set()
                retrying(action, env)  # commits
        except Exception as error:
            self.errors.append(error)
            raise

    def wait_for_the_other(self):
        """Commit only when the other thread waits for what is held here."""
        end = time.monotonic() + PATIENCE
        with db_connect(self.registry.db_name).cursor() as cr:
            while time.monotonic() < end:
                cr.execute(WAITING)
                if cr.fetchone()[0]:
                    return
                cr.rollback()
                time.sleep(0.05)
        raise AssertionError("The second posting did not wait for the first one.")

    def post_both(self, first, second):
        """Post ``first``; post ``second`` from before it is committed."""
        at_once, first_begun, second_begun = (threading.Event() for _n in range(3))
        at_once.set()

        def hold():
            self.second_may_begin.set()
            second_begun.wait(PATIENCE)
            self.wait_for_the_other()

        self.second_may_begin = threading.Event()
        threads = [
            threading.Thread(
                target=self.post, args=(first, at_once, first_begun, hold)
            ),
            threading.Thread(
                target=self.post,
                args=(second, self.second_may_begin, second_begun, lambda: None),
            ),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(2 * PATIENCE)
        self.assertFalse(self.errors)

    def read(self, move_id):
        with self.open() as env:
            move = env["account.move"].browse(move_id)
            (proof,) = move.volume_discount_data["proofs"]
            return move.state, move.amount_untaxed, float(proof["consumed"])

    def test_hours_are_dear_once_in_the_order_of_the_commits(self):
        """The later draft is posted first: the other one continues after it."""
        second, first = self.moves
        self.post_both(first, second)
        self.assertEqual(self.read(first), ("posted", 10 * 120 + 5 * 110, 0))
        self.assertEqual(self.read(second), ("posted", 5 * 110 + 10 * 100, 15))

    def test_second_posting_starts_again_instead_of_missing_hours(self):
        self.post_both(*self.moves)
        self.assertGreaterEqual(self.attempts, 3)


class Session:
    """An environment on a real connection, committed at the end."""

    def __init__(self, registry):
        self.cr = db_connect(registry.db_name).cursor()
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})

    def __enter__(self):
        return self.env

    def __exit__(self, kind, _error, _trace):
        try:
            if kind is None:
                self.env.flush_all()
                self.cr.commit()
            else:
                self.cr.rollback()
        finally:
            self.cr.close()

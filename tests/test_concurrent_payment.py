"""Two windows pay one invoice at the same moment, each in a transaction of its own that
the other one does not see."""

import threading
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

from . import test_concurrent_posting as posting
from .test_concurrent_posting import PATIENCE, Session

MONTH = date(2026, 10, 1)


@tagged("post_install", "-at_install")
class TestConcurrentPayment(BaseCase):
    """What is committed here is removed again."""

    wait_for_the_other = posting.TestConcurrentPosting.wait_for_the_other

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # whether the invoice may be paid at all is looked at elsewhere
        checks = patch.object(
            self.registry["account.move"], "_check_online_payment", lambda *_args: None
        )
        self.startPatcher(checks)
        self.addCleanup(self.remove)
        self.made, self.outcomes, self.attempts = [], [], 0
        with self.open() as env:
            self.move_id = self.create_invoice(env).id

    def open(self):
        """Return a context with an environment on a connection of its own."""
        return Session(self.registry)

    def create(self, env, model, **values):
        record = env[model].create(values)
        self.made.append((model, record.id))
        return record

    def create_invoice(self, env):
        """Create the invoice of a month; a draft is enough to lock."""
        journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
        if not journal:
            env["account.chart.template"].try_loading(
                "generic_coa", env.company, install_demo=False
            )
            journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
        company = journal.company_id
        env = env(context=dict(env.context, allowed_company_ids=company.ids))
        service = self.create(
            env,
            "product.product",
            name="Support at once",
            type="service",
            uom_id=env.ref("uom.product_uom_hour").id,
        )
        partner = self.create(env, "res.partner", name="Two windows", is_company=True)
        agreement = self.create(
            env,
            "billing.agreement",
            partner_id=partner.id,
            company_id=company.id,
            currency_id=company.currency_id.id,
            product_id=service.id,
            date_start=MONTH,
        )
        period = self.create(
            env,
            "billing.period",
            agreement_id=agreement.id,
            date_start=MONTH,
            date_end=date(2026, 10, 31),
        )
        return self.create(
            env,
            "account.move",
            move_type="out_invoice",
            partner_id=partner.id,
            journal_id=journal.id,
            billing_period_id=period.id,
            invoice_line_ids=[Command.create({"product_id": service.id})],
        )

    def remove(self):
        with self.open() as env:
            move = env["account.move"].browse(self.move_id)
            move.transaction_ids.unlink()
            for model, record_id in reversed(self.made):
                env[model].browse(record_id).exists().unlink()

    def begin(self, name, may_begin, has_begun, wait_to_commit):
        """Begin a payment in a transaction that began before the other one ended."""
        may_begin.wait(PATIENCE)
        try:
            with self.open() as env:
                env.cr.execute("SELECT count(*) FROM payment_transaction")

                def action():
                    self.attempts += 1
                    move = env["account.move"].browse(self.move_id)
                    none = env["payment.transaction"]
                    move._begin_online_payment(10.0, env["payment.provider"], none)
                    none.create(self.prepare_transaction(move, name))
                    env.flush_all()
                    wait_to_commit()

                has_begun.set()
                retrying(action, env)  # commits
                self.outcomes.append("begun")
        except UserError as error:
            self.outcomes.append(str(error))

    def prepare_transaction(self, move, name):
        demo = move.env.ref("payment.payment_provider_demo")
        method = move.env.ref("payment.payment_method_unknown")
        return {
            "provider_id": demo.id,
            "payment_method_id": method.id,
            "reference": f"at-once-{move.id}-{name}",
            "amount": 10.0,
            "currency_id": move.currency_id.id,
            "partner_id": move.partner_id.id,
            "operation": "online_redirect",
            "invoice_ids": [Command.set(move.ids)],
        }

    def test_the_second_window_is_told_of_the_first(self):
        at_once, begun, second_may, second_begun = (
            threading.Event() for _number in range(4)
        )
        at_once.set()

        def hold():
            second_may.set()
            second_begun.wait(PATIENCE)
            self.wait_for_the_other()

        threads = [
            threading.Thread(target=self.begin, args=("one", at_once, begun, hold)),
            threading.Thread(
                target=self.begin,
                args=("two", second_may, second_begun, lambda: None),
            ),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(2 * PATIENCE)
        with self.open() as env:
            move = env["account.move"].browse(self.move_id)
            self.assertEqual(len(move.transaction_ids), 1)
        self.assertEqual(self.outcomes[0], "begun")
        self.assertIn("was begun in another window", self.outcomes[1])
        self.assertGreaterEqual(self.attempts, 3)

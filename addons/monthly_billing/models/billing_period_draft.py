"""Drafts of months that are not over yet: opened early, completed by the run."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.mail_delivery_followup.disturbance import concerns_all
from odoo.addons.volume_discount.core.calendar import window_of

from ..core.layout import get_place
from ..core.months import billing_date
from .run.facts import Refusal


class BillingPeriod(models.Model):
    _inherit = "billing.period"

    is_early = fields.Boolean(
        string="Opened Early",
        readonly=True,
        copy=False,
        help="The draft was opened by hand, to type hours and expenses into it. On the "
        "billing day the run adds the time that has come since, and posts it if the "
        "agreement says so.",
    )

    def action_open_draft(self):
        """Open the draft invoice of this month, also while the month runs."""
        self.ensure_one()
        self.agreement_id._open_draft(self.date_start)
        return self.action_view_invoice()

    def _is_early_draft(self):
        """Return whether the run still has to complete the draft of this month."""
        self.ensure_one()
        return self.is_early and self.state == "draft"

    def _is_due(self, today):
        """Return whether the day on which the month is billed has come."""
        self.ensure_one()
        month = window_of(self.date_start)
        return billing_date(month, self.agreement_id.billing_day) <= today

    def _open_early(self):
        """Create the draft of this month with the time that is there, possibly none.

        :raise UserError: if the month cannot be billed
        """
        self.ensure_one()
        plan = self._get_plan()
        [values] = self._prepare_invoices({self: plan})
        values.pop("invoice_date", None)
        moves = self.env["account.move"].with_company(self.company_id)
        invoice = moves.with_context(tracking_disable=True).create(values)
        self.env["billing.allocation"]._create_for([(invoice, plan)])
        self._record_outcome(False)
        self.write({"is_early": True, "withheld_hours": float(plan.withheld_hours)})

    def _get_plan(self):
        """Return what the run would bill for this month (``Plan``).

        :raise UserError: if the month cannot be billed
        """
        self.ensure_one()
        agreement = self.agreement_id.with_company(self.company_id)
        stop, month = agreement.env["billing.run.plan"], window_of(self.date_start)
        plan = stop._get_plans(agreement, month)[agreement]
        if isinstance(plan, Refusal):
            raise UserError(plan.message)
        return plan

    def _recompute_draft(self):
        """Rebuild the generated lines of the draft; lines typed by hand stay.

        Those above the generated lines stay above, the others go below, in their order.
        Hours typed by hand take part in the tiers.

        :return: the new ``Plan``
        :raise UserError: if the month cannot be billed any more; the draft stays
        """
        self.ensure_one()
        invoice = self.invoice_id
        above, below = self._get_typed_lines()
        invoice.invoice_line_ids.filtered("billing_kind").unlink()
        agreement = self.agreement_id.with_company(self.company_id)
        plan = self._get_plan()
        write, month = agreement.env["billing.run.write"], window_of(self.date_start)
        lines = write._prepare_invoice_lines(agreement, plan, month)
        last = get_place(len(plan.lines))
        positions = dict(zip(above, range(-len(above), 0), strict=True))
        positions.update((line, last + at) for at, line in enumerate(below, 1))
        invoice.write(
            {
                "invoice_line_ids": [
                    *(Command.create(values) for values in lines),
                    *(
                        Command.update(line.id, {"sequence": sequence})
                        for line, sequence in positions.items()
                        if line.sequence != sequence
                    ),
                ],
                **write._prepare_volume_discount(agreement, plan),
            }
        )
        self.env["billing.allocation"]._create_for([(invoice, plan)])
        self.withheld_hours = float(plan.withheld_hours)
        invoice._price_typed_hours()
        return plan

    def _get_typed_lines(self):
        """Return the lines typed by hand above the generated ones, and the others."""
        lines = self.invoice_id.invoice_line_ids.sorted(
            lambda line: (line.sequence, line.id)
        )
        generated = lines.filtered("billing_kind")
        first = min(generated.mapped("sequence"), default=0)
        typed = lines - generated
        above = typed.filtered(lambda line: line.sequence < first)
        return above, typed - above

    def _get_draft_outcome(self, plan):
        """Return why the month has no invoice (``empty``, ``carried``), else False.

        What was typed by hand is invoiced in any case.
        """
        self.ensure_one()
        if self.invoice_id.invoice_line_ids.filtered(
            lambda line: not line.billing_kind
        ):
            return False
        month = window_of(self.date_start)
        stop = self.env["billing.run.plan"]
        return stop._get_outcome(self.agreement_id, plan, month)

    def _complete_drafts(self):
        """Add to drafts opened early what has come since, post where agreed."""
        for period in self:
            try:
                with self.env.cr.savepoint():
                    period._complete_draft()
            except Exception as error:
                if concerns_all(error):
                    raise
                self.env.invalidate_all()
                period._record_error(period._get_error_text(error))

    def _complete_draft(self):
        """Make the draft that was opened early the invoice of the month."""
        self.ensure_one()
        plan = self._recompute_draft()
        invoice = self.invoice_id
        if outcome := self._get_draft_outcome(plan):
            self._discard_draft()
            self._record_outcome(outcome)
            return
        self.is_early = False
        self._record_outcome(False)
        if self.agreement_id.auto_post:
            invoice.invoice_date = self.agreement_id._get_today()
        invoice._post_and_send_as_agreed()

    def _discard_draft(self):
        """Let go of a draft with nothing to bill: one that was posted before is kept,
        cancelled, for its number is used."""
        self.ensure_one()
        self.is_early = False
        if self.invoice_id.posted_before:
            self.invoice_id.button_cancel()
            self.is_held = False
        else:
            self.invoice_id.unlink()

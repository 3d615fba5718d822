from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class HelpdeskTicketEstimate(models.Model):
    """What a revision changes of the estimate that the customer knows."""

    _inherit = "helpdesk.ticket.estimate"

    changes = fields.Text(
        compute="_compute_changes",
        compute_sudo=True,
        help="What this revision changes of the last one the customer has seen.",
    )

    @api.depends(
        "estimated_hours", "price_unit", "amount_total", "validity_date", "scope"
    )
    @api.depends_context("lang")
    def _compute_changes(self):
        for estimate in self:
            former = estimate._get_former()
            rows = estimate._get_changes(former) if former else []
            estimate.changes = "\n".join(rows) or False

    def _get_former(self):
        """Return the revision before this one that the same customer has seen."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        return self.ticket_id.estimate_ids.filtered(
            lambda former: (
                former.state != "draft"
                and former.revision < (self.revision or self.id or 0)
                and former.partner_id.commercial_partner_id == customer
            )
        ).sorted("revision")[-1:]

    def _get_changes(self, former):
        """Return what differs from ``former``, a sentence each.

        :param former: the estimate to compare with
        :return: list of texts in the language of the environment
        """
        self.ensure_one()
        rows = [
            (label, before, after)
            for label, before, after in zip(
                self._get_term_labels(),
                former._get_term_texts(),
                self._get_term_texts(),
                strict=True,
            )
            if before != after
        ]
        texts = [
            self.env._(
                "%(term)s: %(after)s instead of %(before)s",
                term=label,
                before=before,
                after=after,
            )
            for label, before, after in rows
        ]
        if (self.scope or "") != (former.scope or ""):
            texts.append(self.env._("The description of the scope has changed."))
        return texts

    def _get_term_labels(self):
        """Return the names of the terms, in the order of ``_get_term_texts``."""
        return (
            self.env._("Estimated effort"),
            self.env._("Hourly rate"),
            self.env._("Total"),
            self.env._("Valid until"),
        )

    def _get_term_texts(self):
        """Return the terms as a customer reads them, hours with their unit."""
        self.ensure_one()
        money = {"currency_obj": self.currency_id}
        no_end = self.env._("open end")
        return (
            self.env._("%s h", formatLang(self.env, self.estimated_hours)),
            formatLang(self.env, self.price_unit, **money),
            formatLang(self.env, self.amount_total, **money),
            self.validity_date and format_date(self.env, self.validity_date) or no_end,
        )

from odoo import api, fields, models
from odoo.tools import float_repr, formatLang


class HelpdeskTicketEstimate(models.Model):
    """What the person's earlier estimates say about this one."""

    _inherit = "helpdesk.ticket.estimate"

    accuracy_hint = fields.Char(
        string="From Experience",
        compute="_compute_accuracy_hint",
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="How the last finished tickets of the person in charge compare with "
        "their estimates. Only this person and helpdesk managers see it.",
    )

    @api.depends("user_id", "company_id", "estimated_hours", "state")
    @api.depends_context("uid", "lang")
    def _compute_accuracy_hint(self):
        reports = self.env["helpdesk.ticket.estimate.report"].sudo()
        self.accuracy_hint = False
        visible = self._filter_editable().filtered(
            lambda estimate: estimate._may_see_accuracy()
        )
        persons = visible.grouped(lambda e: (e.user_id._origin, e.company_id._origin))
        for (user, company), estimates in persons.items():
            if accuracy := reports._get_accuracy(user, company):
                for estimate in estimates:
                    estimate.accuracy_hint = estimate._get_accuracy_text(accuracy)

    def _may_see_accuracy(self):
        """Tell whether the current user may know how far this person is off.

        A figure about an employee's performance is personal data: it is for the
        person and for those who manage the helpdesk.
        """
        self.ensure_one()
        return bool(self.user_id) and (
            self.user_id == self.env.user
            or self.env.user.has_group("helpdesk_mgmt.group_helpdesk_manager")
        )

    def _get_accuracy_text(self, accuracy):
        """Return ``accuracy`` (``accuracy.Accuracy``) as a sentence."""
        values = {
            "count": accuracy.count,
            "factor": formatLang(self.env, accuracy.factor, digits=2),
            "estimated": self._format_hours(self.estimated_hours),
            "expected": self._format_hours(accuracy.expect(self.estimated_hours)),
        }
        if self.user_id == self.env.user:
            return self.env._(
                "Your last %(count)s finished estimates typically took %(factor)s × "
                "the estimated hours: %(estimated)s h → %(expected)s h.",
                **values,
            )
        return self.env._(
            "The last %(count)s finished estimates of %(person)s typically took "
            "%(factor)s × the estimated hours: %(estimated)s h → %(expected)s h.",
            person=self.user_id.sudo().name,
            **values,
        )

    def _format_hours(self, hours):
        """Return hours with up to two decimals in the user's language: 9.5, 12."""
        digits = len(float_repr(hours, 2).rstrip("0").partition(".")[2])
        return formatLang(self.env, hours, digits=digits)

from .common import TicketEstimatesCommon


class PolicyCommon(TicketEstimatesCommon):
    """A worker without the right to override, who books own time on the ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls._create_user(
            "te_anna",
            "helpdesk_mgmt.group_helpdesk_user",
            "hr_timesheet.group_hr_timesheet_user",
        )
        cls.employee.user_id = cls.worker
        cls.company.timesheet_day_limit = 0
        cls._set_policy(cls.company)

    @classmethod
    def _set_policy(cls, record, estimate="allow", overrun="allow", **limits):
        """Set the rules of a company or a customer.

        Limits: ``free_hours``, ``tolerance`` and ``warning``.
        """
        record.write(
            {
                "ticket_estimate_policy": estimate,
                "ticket_overrun_policy": overrun,
                "ticket_estimate_free_hours": limits.get("free_hours", 0.0),
                "ticket_overrun_tolerance": limits.get("tolerance", 0.0),
                "ticket_overrun_warning": limits.get("warning", 0.0),
            }
        )

    def _book(self, hours, ticket=None, user=None, **values):
        lines = self.env["account.analytic.line"].with_user(user or self.worker)
        return lines.create(
            {
                "name": "Work",
                "ticket_id": (ticket or self.ticket).id,
                "unit_amount": hours,
                **values,
            }
        )

    def _get_notes(self, text, ticket=None):
        messages = (ticket or self.ticket).message_ids
        return messages.filtered(lambda message: text in (message.body or ""))

"""How customers read who did the work: as it was agreed with them."""

from collections import defaultdict

from odoo import models

#: from the most to the least discreet; where several agreements speak, the first counts
DISCREET = ("none", "initials", "name")


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    def _get_person_choices(self):
        """What the agreement says that bills the entry; where none does, what others
        with the customer say."""
        choices = super()._get_person_choices()
        claims = self._get_customer_claims()
        for line in self:
            found = claims[line.company_id, line._get_reader_company()]
            covering = [
                agreement
                for agreement, claim in found
                if claim.covers(line.date, line.project_id.id)
            ]
            said = {
                agreement.timesheet_report_person
                for agreement in covering or [agreement for agreement, _claim in found]
            }
            if said:
                choices[line] = min(said, key=DISCREET.index)
        return choices

    def _get_report_text(self):
        """Return what was done, empty where nobody wrote it down."""
        self.ensure_one()
        return "" if self.name in (False, "/") else self.name

    def _get_reader_company(self):
        """Return the customer who reads the entry (commercial partner)."""
        self.ensure_one()
        partner = self.partner_id or self.ticket_id.partner_id
        return partner.commercial_partner_id

    def _get_customer_claims(self):
        """Return {(company, customer): [(agreement, ``Claim``)]} of agreements that
        run or ran."""
        customers = self.env["res.partner"].union(
            *(line._get_reader_company() for line in self)
        )
        agreements = self.env["billing.agreement"].sudo()
        agreements = agreements.search(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "!=", "draft"),
            ]
        )
        claims = defaultdict(list)
        for agreement in agreements:
            key = agreement.company_id, agreement.partner_id
            claims[key].append((agreement, agreement._get_claim()))
        return claims

from odoo import models

from odoo.addons.mail_delivery_followup.disturbance import concerns_all


class BillingAgreement(models.Model):
    """What cannot be read or planned stops its own customer, nobody else."""

    _inherit = "billing.agreement"

    def _guard_by_customer(self, read, refuse):
        """Return what ``read`` finds out about these agreements.

        Together, since that takes a few questions for all of them; where that fails,
        customer by customer, for agreements of one customer share tiers and approved
        hours.

        :param read: function of agreements, returns a dict by agreement
        :param refuse: function of the error of one customer, returns what stands in
            the dict for its agreements
        :raise Exception: what concerns everybody (``concerns_all``)
        """
        try:
            with self.env.cr.savepoint():
                return read(self)
        except Exception as error:
            if concerns_all(error):
                raise
            customers = self.grouped(lambda one: (one.company_id, one.partner_id))
            if len(customers) == 1:
                return dict.fromkeys(self, refuse(error))
        found = {}
        for agreements in customers.values():
            found.update(agreements._guard_by_customer(read, refuse))
        return found

from decimal import Decimal

from odoo import api, models


class UomUom(models.Model):
    _inherit = "uom.uom"

    @api.model
    def _get_hour(self):
        """Return the unit of an hour.

        By its cached id: asking for it once per line costs no query.
        """
        xmlid = "uom.product_uom_hour"
        data = self.env["ir.model.data"]
        return self.browse(data._xmlid_to_res_id(xmlid, raise_if_not_found=True))

    @api.model
    def _get_time_unit(self):
        """Return the unit of which all units of time are multiples."""
        return self.browse(int(self._get_hour().parent_path.split("/")[0]))

    @api.model
    def _get_quantum(self):
        """Return the smallest quantity that a line can tell (``Decimal``)."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Decimal(1).scaleb(-digits)

    def _is_time(self):
        """Return whether this is a unit of time."""
        self.ensure_one()
        return self.parent_path.split("/")[0] == str(self._get_time_unit().id)

from odoo import models


class AccountEdiXmlUblDe(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_de"

    def _ubl_get_line_allowance_charge_discount_node(self, vals, discount_values):
        """Say in words why the line is reduced (BT-139)."""
        node = super()._ubl_get_line_allowance_charge_discount_node(
            vals, discount_values
        )
        if vals.get("billing"):
            node["cbc:AllowanceChargeReason"] = {"_text": self.env._("Discount")}
        return node

from odoo import models


class AccountEdiXmlUblDe(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_de"

    def _add_invoice_header_nodes(self, document_node, vals):
        """Leave out the number of the invoice as order: here a buyer reference is
        always there, "N/A" where none is known."""
        result = super()._add_invoice_header_nodes(document_node, vals)
        if facts := vals.get("billing"):
            self._set_order_node(document_node, facts)
        return result

    def _ubl_get_line_allowance_charge_discount_node(self, vals, discount_values):
        """Say in words why the line is reduced (BT-139)."""
        node = super()._ubl_get_line_allowance_charge_discount_node(
            vals, discount_values
        )
        if vals.get("billing"):
            node["cbc:AllowanceChargeReason"] = {"_text": self.env._("Discount")}
        return node

from reportlab.graphics.renderPM import RenderPMError

from odoo import api, models

from ..core.qr import LEVELS, MAX_BORDER, draw_qr


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Draw QR codes also where reportlab has no renderer.

        From its version 4 on reportlab draws with ``rlPyCairo``, for which many
        systems have no package: printing an invoice with a QR code would fail.
        """
        try:
            return super().barcode(barcode_type, value, **kwargs)
        except RenderPMError:
            if barcode_type != "QR" or kwargs.get("mask"):
                raise
            quiet = bool(int(kwargs.get("quiet", True)))
            border = int(kwargs.get("barBorder", 4)) if quiet else 0
            level = kwargs.get("barLevel")
            return draw_qr(
                value,
                level=level if level in LEVELS else "M",
                border=min(max(border, 0), MAX_BORDER),
            )

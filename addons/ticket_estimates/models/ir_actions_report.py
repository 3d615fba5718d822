import re

from odoo import api, models

from ..printing import keep_own_assets

STORED_FILE = re.compile(r"/web/(?:image|content)/(\d+)")


class IrActionsReport(models.Model):
    """The printer loads nothing for documents of ours but their own assets."""

    _inherit = "ir.actions.report"

    @api.model
    def _get_shielded_models(self):
        """Return the models whose documents load nothing from elsewhere.

        Extension point: an addon that prints texts of others adds its models.
        """
        return {"helpdesk.ticket", "helpdesk.ticket.estimate"}

    def _run_wkhtmltopdf(
        self, bodies, report_ref=False, header=None, footer=None, **kw
    ):
        if report_ref and self._get_report(report_ref).model in (
            self._get_shielded_models()
        ):
            bodies = [self._shield(body) for body in bodies]
            header = header and self._shield(header)
            footer = footer and self._shield(footer)
        return super()._run_wkhtmltopdf(
            bodies, report_ref=report_ref, header=header, footer=footer, **kw
        )

    def _shield(self, document):
        """Return the HTML without addresses that the printer must not follow."""
        bases = {self._get_report_url(), self.get_base_url()}
        return keep_own_assets(document, bases, self._leads_elsewhere)

    def _leads_elsewhere(self, address):
        """Return whether the address is a file that is only a link to another one."""
        found = STORED_FILE.search(address or "")
        if not found:
            return False
        file = self.env["ir.attachment"].sudo().browse(int(found[1][:9])).exists()
        return file.type == "url"

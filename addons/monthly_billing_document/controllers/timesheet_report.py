from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal


class TimesheetReportPortal(CustomerPortal):
    @http.route(
        "/my/invoices/<int:invoice_id>/timesheets.<any(pdf,csv,xlsx):kind>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_invoice_timesheets(self, invoice_id, kind, access_token=None, **_query):
        """Download the timesheet report of an invoice that the user may see."""
        try:
            invoice_sudo = self._document_check_access(
                "account.move", invoice_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not invoice_sudo._can_get_timesheet_report(request.env.user):
            raise NotFound()
        name, content, mimetype = invoice_sudo._render_timesheet_report(kind)
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

# The page acts on a click and its address may hold a secret.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
REPORT = "invoice_dunning.action_report_notice"


class DunningPortal(CustomerPortal):
    """Pages on which customers read reminders, pay, and answer them."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "reminder_count" in counters:
            notices_sudo, own = self._get_own_reminders()
            values["reminder_count"] = notices_sudo.search_count(own)
        return values

    def _get_own_reminders(self):
        """Return the model with sudo and the domain of what the user may see."""
        notices = request.env["dunning.notice"]
        return notices.sudo(), notices._get_portal_domain(request.env.user)

    @route(
        ["/my/reminders", "/my/reminders/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_reminders(self, page=1, **kw):
        notices_sudo, own = self._get_own_reminders()
        pager = portal_pager(
            url="/my/reminders",
            total=notices_sudo.search_count(own),
            page=page,
            step=self._items_per_page,
        )
        found = notices_sudo.search(
            own, limit=self._items_per_page, offset=pager["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(reminders=found, pager=pager, page_name="reminder")
        return request.render(
            "invoice_dunning.portal_my_reminders", values, headers=PAGE_HEADERS
        )

    @route("/my/reminders/<int:notice_id>", type="http", auth="public", website=True)
    def portal_reminder(
        self, notice_id, access_token=None, report_type=None, download=False, **kw
    ):
        notice_sudo = self._find_reminder(notice_id, access_token)
        if not notice_sudo:
            return request.redirect("/my")
        if report_type == "pdf":
            return self._show_report(
                model=notice_sudo,
                report_type="pdf",
                report_ref=REPORT,
                download=bool(download),
            )
        return self._show_reminder(
            notice_sudo, access_token, answered=kw.get("answered")
        )

    def _show_reminder(self, notice_sudo, access_token, **values):
        values.update(
            reminder=notice_sudo,
            page_name="reminder",
            access_token=access_token,
            can_pay_all=self._can_pay_all(notice_sudo),
        )
        return request.render(
            "invoice_dunning.portal_reminder", values, headers=PAGE_HEADERS
        )

    def _can_pay_all(self, notice_sudo):
        """Return whether Odoo's page to pay all that is overdue is of use here.

        It shows invoices to the user's own contact alone, and none at all if they are
        of several companies or currencies.
        """
        moves = notice_sudo._get_open_lines().move_id
        if len(moves) < 2 or request.env.user._is_public():
            return False
        found = request.env["account.move"].search(self._get_overdue_invoices_domain())
        overdue_sudo = found.sudo()
        return (
            moves <= overdue_sudo
            and overdue_sudo.company_id == notice_sudo.company_id
            and overdue_sudo.currency_id == notice_sudo.currency_id
        )

    @route(
        "/my/reminders/<int:notice_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_reminder_answer(self, notice_id, access_token=None, **kw):
        notice_sudo = self._find_reminder(notice_id, access_token)
        if not notice_sudo:
            return request.redirect("/my")
        author = request.env.user.partner_id
        if request.env.user._is_public():
            author = notice_sudo.recipient_id
        try:
            notice_sudo._record_answer(kw.get("kind"), kw.get("text"), author)
        except UserError as error:
            return self._show_reminder(
                notice_sudo, access_token, error=str(error), text=kw.get("text")
            )
        query = {"answered": "1"}
        if access_token:
            query["access_token"] = access_token
        return request.redirect_query(f"/my/reminders/{notice_id}", query)

    def _find_reminder(self, notice_id, access_token):
        """Return the reminder with sudo if the visitor may see it, else None."""
        notices_sudo, own = self._get_own_reminders()
        if found := notices_sudo.search(own & Domain("id", "=", notice_id)):
            return found
        if not access_token or not access_token.isascii():
            return None
        try:
            notice_sudo = self._document_check_access(
                "dunning.notice", notice_id, access_token
            )
        except (AccessError, MissingError):
            return None
        return notice_sudo if notice_sudo.state == "sent" else None

from werkzeug.urls import url_encode

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.helpdesk_ticket_estimate_answer import (
    MAX_NAME,
    MAX_REASON,
    EstimateChanged,
)

LINK_KEYS = ("access_token", "pid", "hash")
REPORT = "ticket_estimates.action_report_estimate"
# The page acts on a click and its address holds a secret.
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}


class EstimatePortal(CustomerPortal):
    """Pages on which customers read and answer estimates."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for name, domain in (
            ("estimate_count", Domain.TRUE),
            ("estimate_to_approve_count", Domain("state", "=", "sent")),
        ):
            if name in counters:
                estimates, own = self._get_own_estimates()
                values[name] = estimates.search_count(own & domain)
        return values

    def _get_own_estimates(self):
        """Return the model with sudo and the domain of what the user may see."""
        estimates = request.env["helpdesk.ticket.estimate"]
        if not request.env["helpdesk.ticket"].has_access("read"):
            return estimates.sudo(), Domain.FALSE
        return estimates.sudo(), estimates._get_portal_domain()

    @route(
        ["/my/estimates", "/my/estimates/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_estimates(
        self, page=1, sortby="date", filterby="all", search_in="all", search="", **kw
    ):
        estimates, own = self._get_own_estimates()
        sortings = self._estimate_get_searchbar_sortings()
        filters = self._estimate_get_searchbar_filters()
        inputs = self._estimate_get_searchbar_inputs()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in inputs else "all"
        domain = own & filters[filterby]["domain"]
        if search:
            domain &= self._estimate_get_search_domain(search_in, search)
        url_args = {
            "sortby": sortby,
            "filterby": filterby,
            "search_in": search_in,
            "search": search,
        }
        pager = portal_pager(
            url="/my/estimates",
            url_args=url_args,
            total=estimates.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = estimates.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = {
            **self._prepare_portal_layout_values(),
            **url_args,
            "estimates": found,
            "page_name": "estimate",
            "default_url": "/my/estimates",
            "pager": pager,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": inputs,
        }
        return request.render("ticket_estimates.portal_my_estimates", values)

    def _estimate_get_searchbar_sortings(self):
        return {
            "date": {
                "label": request.env._("Newest"),
                "order": "sent_on desc, id desc",
            },
            "ticket": {
                "label": request.env._("Ticket"),
                "order": "ticket_id desc, revision desc",
            },
            "amount": {
                "label": request.env._("Amount"),
                "order": "amount_total desc, id desc",
            },
        }

    def _estimate_get_searchbar_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "to_approve": {
                "label": request.env._("To Approve"),
                "domain": Domain("state", "=", "sent"),
            },
            "approved": {
                "label": request.env._("Approved"),
                "domain": Domain("state", "=", "approved"),
            },
            "rejected": {
                "label": request.env._("Rejected"),
                "domain": Domain("state", "=", "rejected"),
            },
            "void": {
                "label": request.env._("No Longer Valid"),
                "domain": Domain("state", "in", ("expired", "superseded")),
            },
        }

    def _estimate_get_searchbar_inputs(self):
        return {
            "all": {"input": "all", "label": request.env._("Search in All")},
            "number": {
                "input": "number",
                "label": request.env._("Search in Ticket Number"),
            },
            "name": {"input": "name", "label": request.env._("Search in Ticket Title")},
        }

    def _estimate_get_search_domain(self, search_in, search):
        names = ("number", "name") if search_in == "all" else (search_in,)
        return Domain.OR(Domain(f"ticket_id.{name}", "ilike", search) for name in names)

    @route("/my/estimate/<int:estimate_id>", type="http", auth="public", website=True)
    def portal_my_estimate(
        self, estimate_id, report_type=None, download=False, message=None, **kw
    ):
        estimate, visitor = self._get_estimate_and_visitor(estimate_id)
        if not visitor:
            return self._render_estimate_gone(estimate)
        if report_type == "pdf":
            return self._show_report(estimate.sudo(), "pdf", REPORT, download)
        values = self._estimate_get_page_view_values(estimate, visitor)
        values["message"] = message
        return request.render(
            "ticket_estimates.portal_estimate_page", values, headers=PAGE_HEADERS
        )

    @route(
        "/my/estimate/<int:estimate_id>/accept",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_estimate_accept(self, estimate_id, name=None, signature=None, **kw):
        estimate, visitor = self._get_estimate_and_visitor(estimate_id)
        if not visitor:
            return self._get_refresh(estimate_id)
        fingerprint = request.httprequest.args.get("fingerprint")
        try:
            estimate.sudo()._approve_online(
                visitor, name, signature, fingerprint, request.httprequest.remote_addr
            )
        except EstimateChanged:
            return self._get_refresh(estimate_id, message="changed")
        except UserError as error:
            return {"error": str(error)}
        return self._get_refresh(estimate_id, message="approved")

    @route(
        "/my/estimate/<int:estimate_id>/decline",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_estimate_decline(
        self, estimate_id, name=None, reason=None, fingerprint=None, **kw
    ):
        estimate, visitor = self._get_estimate_and_visitor(estimate_id)
        if not visitor:
            return request.redirect(self._get_estimate_url(estimate_id))
        try:
            estimate.sudo()._reject_online(
                visitor, name, reason, fingerprint, request.httprequest.remote_addr
            )
        except EstimateChanged:
            return request.redirect(
                self._get_estimate_url(estimate_id, message="changed")
            )
        except UserError as error:
            values = self._estimate_get_page_view_values(estimate, visitor)
            values.update(error=str(error), reason=reason)
            return request.render(
                "ticket_estimates.portal_estimate_page", values, headers=PAGE_HEADERS
            )
        return request.redirect(self._get_estimate_url(estimate_id, message="rejected"))

    def _get_link_arguments(self):
        """Return what of the mailed link goes from page to page."""
        args = request.httprequest.args
        return {key: args[key] for key in LINK_KEYS if args.get(key)}

    def _get_estimate_and_visitor(self, estimate_id):
        """Return the estimate, without sudo, and who looks at it, if allowed to."""
        link = self._get_link_arguments()
        estimate = request.env["helpdesk.ticket.estimate"].browse(estimate_id)
        visitor = estimate._get_visitor(
            link.get("access_token"), link.get("pid"), link.get("hash")
        )
        return estimate, visitor

    def _get_estimate_url(self, estimate_id, suffix="", **arguments):
        query = url_encode({**self._get_link_arguments(), **arguments})
        url = f"/my/estimate/{estimate_id}{suffix}"
        return f"{url}?{query}" if query else url

    def _get_refresh(self, estimate_id, **arguments):
        """Return what makes the signature form load the page anew."""
        url = self._get_estimate_url(estimate_id, **arguments)
        return {"force_refresh": True, "redirect_url": url}

    def _render_estimate_gone(self, estimate):
        """Say that there is nothing to see, whatever the reason."""
        if request.env.user._is_public() and not self._get_link_arguments():
            url = self._get_estimate_url(estimate.id)
            return request.redirect(f"/web/login?{url_encode({'redirect': url})}")
        values = {
            "page_name": "estimate",
            "newest": estimate._get_newest_for_customer(),
        }
        response = request.render(
            "ticket_estimates.portal_estimate_gone", values, headers=PAGE_HEADERS
        )
        response.status_code = 404
        return response

    def _estimate_get_page_view_values(self, estimate, visitor):
        estimate_sudo = estimate.sudo()
        fingerprint = estimate_sudo._get_terms_fingerprint()
        url = self._get_estimate_url
        may_answer = estimate_sudo._can_be_answered_by(visitor)
        signer = estimate_sudo.partner_id
        if visitor.via != "team" and visitor.partner:
            signer = visitor.partner.sudo()
        return {
            "estimate": estimate_sudo,
            "visitor": visitor,
            "may_answer": may_answer and estimate_sudo._is_awaiting_answer(),
            "approvers": estimate_sudo._get_approvers(),
            "is_link_enough": estimate_sudo._is_addressee(estimate_sudo.partner_id),
            "newest": estimate._get_newest_for_customer() - estimate,
            "default_name": signer.name,
            "fingerprint": fingerprint,
            "call_url": url(estimate.id, "/accept", fingerprint=fingerprint),
            "decline_url": url(estimate.id, "/decline"),
            "pdf_url": url(estimate.id, report_type="pdf"),
            "max_name": MAX_NAME,
            "max_reason": MAX_REASON,
            "page_name": "estimate",
            "no_breadcrumbs": request.env.user._is_public(),
            "res_company": estimate_sudo.company_id,
        }

import re
from contextlib import suppress
from urllib.parse import urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk
from odoo.addons.helpdesk_portal_priority.controllers.main import (
    HelpdeskPriorityController,
)

from ..texts import (
    MAX_DESCRIPTION,
    MAX_TITLE,
    find_text_problem,
    strip_controls,
    to_one_line,
)
from .portal import PAGE_HEADERS

# An id; PostgreSQL has no longer ones.
NUMBER = re.compile(r"[0-9]{1,9}")


class TicketPortal(CustomerPortalHelpdesk):
    """The customer's tickets: list, page, and the order in which they are wanted."""

    @route()
    def portal_my_tickets(self, **kw):
        self._drop_unknown_arguments(kw)
        response = super().portal_my_tickets(**kw)
        if groups := response.qcontext.get("grouped_tickets"):
            tickets = groups[0].concat(*groups[1:])
            shown = tickets.filtered(lambda t: t._shows_terms_to(request.env.user))
            response.qcontext["summaries"] = shown._get_portal_summaries()
        return response

    def _drop_unknown_arguments(self, kw):
        """Take from the arguments of the list what it does not offer."""
        for name, offered in (
            ("sortby", self._ticket_get_searchbar_sortings()),
            ("groupby", self._ticket_get_searchbar_groupby()),
            ("search_in", self._ticket_get_searchbar_inputs()),
        ):
            if kw.get(name) not in offered:
                kw.pop(name, None)
        for name in ("date_begin", "date_end"):
            try:
                fields.Datetime.to_datetime(kw.get(name))
            except (ValueError, TypeError):
                kw.pop(name)

    @route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        response = super().portal_my_ticket(ticket_id, access_token, **kw)
        response.headers.update(PAGE_HEADERS)
        return response

    @route("/my/tickets/rank", type="http", auth="user", website=True, methods=["GET"])
    def portal_rank_tickets(self, **kw):
        tickets = request.env["helpdesk.ticket"]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "ticket_rank",
            "tickets": tickets._get_customer_ranking(),
            "is_stale": bool(kw.get("stale")),
        }
        return request.render(
            "ticket_estimates.portal_ticket_rank", values, headers=PAGE_HEADERS
        )

    @route(
        "/my/tickets/rank/<int:ticket_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rank_ticket(self, ticket_id, above=None, **kw):
        tickets = request.env["helpdesk.ticket"]
        try:
            tickets.browse(ticket_id)._rank_above(tickets.browse(_to_id(above)))
        except UserError:
            # Closed, moved or merged since the page was shown.
            return request.redirect("/my/tickets/rank?stale=1", code=303)
        return request.redirect("/my/tickets/rank", code=303)

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        user = request.env.user
        values.update(ticket._get_portal_public_values())
        values["message"] = kwargs.get("message")
        is_public = user._is_public()
        if is_public or ticket._shows_terms_to(user):
            # The public is here by a valid token.
            values.update(ticket._get_portal_values())
        values["is_signed_in"] = not is_public
        values["closed_stages"] = values["closed_stages"].browse()
        if ticket._can_be_closed_by(user):
            values["closed_stages"] = ticket._get_portal_closing_stages()
        for name in ("prev_record", "next_record"):
            # Odoo's links carry the tokens of the tickets they lead to.
            values[name] = (values.get(name) or "").partition("?")[0]
        return values


class TicketForms(HelpdeskPriorityController):
    """What a customer sends: a new ticket, the wish to close one."""

    @route(methods=["POST"], csrf=True)
    def support_ticket_close(self, ticket_id=None, stage_id=None, **kw):
        tickets = request.env["helpdesk.ticket"]
        stages = request.env["helpdesk.ticket.stage"]
        ticket = tickets.browse(_to_id(ticket_id)).exists()
        if not ticket:
            return request.redirect("/my/tickets", code=302)
        # 302 as helpdesk_mgmt answers. Where it may not be closed, its page shows how
        # things are, if anything.
        with suppress(AccessError):
            ticket._close_from_portal(stages.browse(_to_id(stage_id)))
        return request.redirect(f"/my/ticket/{ticket.id}", code=302)

    @route()
    def create_new_ticket(self, **kw):
        response = super().create_new_ticket(**kw)
        response.headers.update(PAGE_HEADERS)
        return response

    @route(methods=["POST"], csrf=True)
    def submit_ticket(self, **kw):
        kw["subject"] = to_one_line(kw.get("subject") or "")
        kw["description"] = strip_controls(kw.get("description") or "")
        if not kw["subject"] or not kw["description"].strip():
            return request.redirect("/new/ticket", code=303)
        for text, limit in (
            (kw["subject"], MAX_TITLE),
            (kw["description"], MAX_DESCRIPTION),
        ):
            if problem := find_text_problem(request.env, text, limit):
                return self._render_ticket_refused(problem, **kw)
        # The team is told once, with the files of the ticket.
        request.update_context(mail_auto_subscribe_no_notify=True)
        response = super().submit_ticket(**kw)
        page = urlsplit(response.location).path
        ticket_id = _to_id(page.rpartition("/")[2])
        request.env["helpdesk.ticket"].browse(ticket_id)._welcome()
        return request.redirect(f"{page}?message=received", code=303)

    def _render_ticket_refused(self, problem, **kw):
        """Show the form again, with what was typed and what is wrong with it."""
        values = self._get_create_new_ticket_values(**kw)
        values.update(
            problem=problem,
            subject=kw["subject"][:MAX_TITLE],
            description=kw["description"][:MAX_DESCRIPTION],
        )
        response = request.render("helpdesk_mgmt.portal_create_ticket", values)
        response.status_code = 400
        response.headers.update(PAGE_HEADERS)
        return response

    def _prepare_submit_ticket_vals(self, **kw):
        """Let only what the form offers come from the form."""
        tickets = request.env["helpdesk.ticket"]
        priorities = dict(
            tickets._fields["priority"]._description_selection(tickets.env)
        )
        if kw.get("priority") not in priorities:
            kw["priority"] = tickets.default_get(["priority"]).get("priority")
        for name, offered in (
            ("category", self._get_categories()),
            ("team", self._get_teams()),
        ):
            chosen = _to_id(kw.get(name))
            kw[name] = chosen if offered and chosen in offered.ids else ""
        vals = super()._prepare_submit_ticket_vals(**kw)
        return tickets._complete_intake_values(vals)

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        customer = request.env.user.sudo().partner_id
        terms = customer._get_approval_terms(request.env.company.sudo())
        return {**values, "approval_terms": terms}


def _to_id(text):
    """Return the number that ``text`` from outside is, or 0."""
    return int(text) if isinstance(text, str) and NUMBER.fullmatch(text) else 0

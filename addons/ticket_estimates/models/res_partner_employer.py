from markupsafe import escape

from odoo import models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

EMPLOYER_ACTIVITY = "ticket_estimates.mail_activity_type_employer"
#: What decides to which customer a contact belongs
FAMILY_FIELDS = frozenset({"parent_id", "is_company"})


class ResPartner(models.Model):
    """A contact who changes employer: the work for the former one stays with it."""

    _inherit = "res.partner"

    def write(self, vals):
        left = {}
        if FAMILY_FIELDS & vals.keys():
            left = self.sudo()._leave_work_behind(vals)
        result = super().write(vals)
        for contact, work in left.items():
            contact._ask_about_work_left(*work)
        return result

    def _leave_work_behind(self, vals):
        """Hand the work for the former employers of these contacts over to these.

        Tickets, estimates, projects and time name the employer instead, before the
        contacts leave: so their customer stays the same.

        :param dict vals: what is to be written on these contacts
        :return: dict of contact to (former employer, open tickets, hours), where
            there is something to decide
        """
        found = {}
        for contact in self:
            former = contact.commercial_partner_id
            if contact == former or contact._get_next_customer(vals) == former:
                continue
            leaving = self.with_context(active_test=False).search(
                [
                    ("id", "child_of", contact.id),
                    ("commercial_partner_id", "=", former.id),
                ]
            )
            tickets, entries = leaving._hand_work_over(former)
            tickets = tickets.filtered(
                lambda ticket: ticket.active and not ticket.closed
            )
            unit = self.env.ref("uom.product_uom_hour")
            hours = sum(line._get_hours(unit) for line in entries._filter_movable())
            if tickets or hours:
                found[contact] = former, tickets, hours
        return found

    def _get_next_customer(self, vals):
        """Return whom a contact will belong to once ``vals`` are written."""
        self.ensure_one()
        parent = self.browse(vals.get("parent_id", self.parent_id.id))
        if not parent or vals.get("is_company", self.is_company):
            return self
        return parent.commercial_partner_id

    def _hand_work_over(self, employer):
        """The work that names these contacts names their employer instead.

        Extension point: another addon hands over what else is for a customer.

        :return: the tickets and the timesheet entries that did
        """
        named = Domain("partner_id", "in", self.ids)
        everything = self.with_context(active_test=False, tracking_disable=True).env
        tickets = everything["helpdesk.ticket"].search(named)
        lines = everything["account.analytic.line"].search(
            named & Domain("project_id", "!=", False)
        )
        tickets.write({"partner_id": employer.id})
        for model in ("project.project", "project.task"):
            everything[model].search(named).write({"partner_id": employer.id})
        # Also what is billed or answered, and may not change otherwise: the customer
        # remains the same.
        estimates = everything["helpdesk.ticket.estimate"].search(named)
        for records in (lines, estimates):
            with self.env.protecting([records._fields["partner_id"]], records):
                records.partner_id = employer
        self._stop_following(employer)
        tickets.access_token = False
        return tickets, lines

    def _stop_following(self, employer):
        """These contacts no longer follow the tickets of their former employer, nor
        does a link they were sent open them."""
        followed = Domain("message_partner_ids", "in", self.ids)
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        tickets = tickets.search(
            followed & Domain("commercial_partner_id", "=", employer.id)
        )
        tickets.message_unsubscribe(self.ids)
        tickets.access_token = False
        estimates = self.env["helpdesk.ticket.estimate"].search(
            followed & Domain("partner_id.commercial_partner_id", "=", employer.id)
        )
        estimates.message_unsubscribe(self.ids)

    def _ask_about_work_left(self, former, tickets, hours):
        """Somebody decides who of the former employer is the contact from now on.

        :param former: the customer whom the work stays with
        :param tickets: open ones that named the contact
        :param float hours: time that named the contact and is not billed
        """
        self.ensure_one()
        user = tickets.user_id[:1] or former.user_id or self.env.user
        customer = former.with_context(lang=user.lang)
        text = customer.env._(
            "%(contact)s now belongs to %(employer)s. %(tickets)s open tickets and "
            "%(hours)s h that are not billed stay with %(customer)s. Choose another "
            "contact on the tickets. If one is for %(employer)s, choose %(contact)s "
            "on it again: its time then follows.",
            contact=self.name or "",
            employer=self.commercial_partner_id.display_name,
            customer=former.display_name,
            tickets=len(tickets),
            hours=formatLang(customer.env, hours),
        )
        summary = customer.env._("%s has a new employer", self.name or "")
        former.sudo().activity_schedule(
            EMPLOYER_ACTIVITY, summary=summary, note=escape(text), user_id=user.id
        )

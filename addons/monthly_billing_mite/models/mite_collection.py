import babel.dates

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse


class MiteCollection(models.Model):
    """The ticket that collects the time of a project in a month."""

    _name = "mite.collection"
    _description = "Collecting Ticket"
    _order = "month desc, id"
    _rec_name = "ticket_id"

    link_id = fields.Many2one(
        "mite.link", string="Project or Customer", required=True, ondelete="cascade"
    )
    month = fields.Date(required=True)
    category_id = fields.Many2one(
        "helpdesk.ticket.category", index="btree_not_null", ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )

    _one_a_month = models.UniqueIndex(
        "(link_id, month, COALESCE(category_id, 0))",
        "A project has one collecting ticket a month and category.",
    )

    @api.model
    def _ensure_ticket(self, link, month, project, partner, category):
        """Return the ticket that collects time, made if it is missing.

        :param link: the project or customer whose time it is
        :param month: first day of the month (date)
        :param project: where its time is booked
        :param partner: the customer
        :param category: of the service, or none
        """
        found = self.search(
            [
                ("link_id", "=", link.id),
                ("month", "=", month),
                ("category_id", "=", category.id),
            ]
        )
        if found:
            return found.ticket_id
        values = self._prepare_ticket(link, month, project, partner, category)
        tickets = self.env["helpdesk.ticket"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        ticket = tickets.create(values)
        return self.create(
            {
                "link_id": link.id,
                "month": month,
                "category_id": category.id,
                "ticket_id": ticket.id,
            }
        ).ticket_id

    @api.model
    def _prepare_ticket(self, link, month, project, partner, category):
        lang = partner.lang or self.env.user.lang or "en_US"
        locale = babel_locale_parse(lang)
        shown = babel.dates.format_skeleton("yMMMM", month, locale=locale)
        names = [link.name, category.with_context(lang=lang).name, shown]
        name = ", ".join(filter(None, names))[-200:]
        return {
            "name": name,
            "description": name,
            "partner_id": partner.id,
            "project_id": project.id,
            "category_id": category.id,
            "company_id": link.company_id.id,
            "team_id": link.account_id.team_id.id,
        }

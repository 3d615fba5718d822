import babel.dates
from markupsafe import escape

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
    def _ensure_tickets(self, places):
        """Return the collecting ticket of each place, made if it is missing.

        :param places: set of ``mite_place.Collecting``
        """
        places = list(places)
        known = self.search(
            [
                ("link_id", "in", [place.link.id for place in places]),
                ("month", "in", list({place.month for place in places})),
            ]
        )
        tickets = {
            (one.link_id, one.month, one.category_id): one.ticket_id for one in known
        }
        missing = [place for place in places if place[:3] not in tickets]
        created = (
            self.env["helpdesk.ticket"]
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .create([self._prepare_ticket(place) for place in missing])
        )
        for place, ticket in zip(missing, created, strict=True):
            tickets[place[:3]] = ticket
        self.create(
            [
                {
                    "link_id": place.link.id,
                    "month": place.month,
                    "category_id": place.category.id,
                    "ticket_id": tickets[place[:3]].id,
                }
                for place in missing
            ]
        )
        return {place: tickets[place[:3]] for place in places}

    @api.model
    def _prepare_ticket(self, place):
        link, category, partner = place.link, place.category, place.partner
        lang = partner.lang or self.env.user.lang or "en_US"
        locale = babel_locale_parse(lang)
        shown = babel.dates.format_skeleton("yMMMM", place.month, locale=locale)
        names = [link.name, category.with_context(lang=lang).name, shown]
        name = ", ".join(filter(None, names))[-200:]
        return {
            "name": name,
            "description": escape(name),
            "partner_id": partner.id,
            "project_id": place.project.id,
            "category_id": category.id,
            "company_id": link.company_id.id,
            "team_id": link.account_id.team_id.id,
        }

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.volume_discount.core.calendar import window_of
from odoo.addons.volume_discount.core.numbers import to_decimal


class BillingWindow(models.Model):
    """What people decided about one window of a tier table and one customer.

    Only windows with a decision, or with a question to a person, have a record; the
    others follow from the ledger alone.
    """

    _name = "billing.window"
    _description = "Window of a Volume Discount"
    _order = "date_start desc, partner_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    volume_discount_id = fields.Many2one(
        "volume.discount", required=True, readonly=True, ondelete="restrict"
    )
    date_start = fields.Date(string="From", required=True, readonly=True)
    date_end = fields.Date(string="To", required=True, readonly=True)
    terms = fields.Json(
        readonly=True,
        help="The terms that a person let hold in a running window, instead of those "
        "of its first invoice.",
    )
    waived = fields.Json(
        readonly=True,
        help="What the window asks and nobody wants to collect, by taxes.",
    )
    amount = fields.Monetary(
        string="Open",
        readonly=True,
        help="What the table asks for the hours of the window beyond what was charged; "
        "below zero it was charged too much.",
    )
    reason = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "To Decide"),
            ("asked", "Corrected by the Next Invoice"),
            ("left", "Left as It Is"),
        ],
        readonly=True,
    )

    _window_unique = models.Constraint(
        "UNIQUE(company_id, partner_id, currency_id, volume_discount_id, date_start)",
        "This window of the customer is there already.",
    )

    @api.depends("partner_id", "volume_discount_id", "date_start")
    def _compute_display_name(self):
        for window in self:
            window.display_name = self.env._(
                "%(partner)s, %(table)s from %(date)s",
                partner=window.partner_id.display_name,
                table=window.volume_discount_id.name,
                date=window.date_start,
            )

    def action_ask(self):
        """Let the next invoice of these windows correct what was charged."""
        self._check_can_decide()
        self.sudo().write({"state": "asked", "waived": False})
        return True

    def action_leave(self):
        """Leave what was charged as it is, for good; what the next invoice was asked
        to correct stays so."""
        self._check_can_decide()
        proposed = self.filtered(lambda window: window.state == "proposed")
        proposed.sudo().write({"state": "left"})
        return True

    def _check_can_decide(self):
        """Raise unless the user may decide about money."""
        self.check_access("read")
        group = "monthly_billing.monthly_billing_group_manager"
        if not (self.env.su or self.env.user.has_group(group)):
            raise UserError(
                self.env._(
                    "Only a billing manager decides whether a window is corrected."
                )
            )

    @api.model
    def _propose_differences(self):
        """Propose to correct what the windows were charged otherwise than tables ask.

        For databases that were billed by other rules: until a person decides, no
        invoice corrects the past.
        """
        allocations = self.env["billing.allocation"]
        return self.sudo().create(
            [
                self._prepare_proposal(found)
                for found in list(allocations._find_differences())
            ]
        )

    @api.model
    def _prepare_proposal(self, found):
        """Return the values of the proposal to correct a window.

        :param found: ``Difference``
        """
        agreement = found.agreement
        return {
            "company_id": agreement.company_id.id,
            "partner_id": agreement.partner_id.id,
            "currency_id": agreement.currency_id.id,
            "volume_discount_id": found.terms.key,
            "date_start": found.window.start,
            "date_end": found.window.last_day,
            "waived": [
                [list(taxes or ()), str(amount)] for taxes, amount in found.amounts
            ],
            "amount": float(found.amount),
            "reason": agreement._get_window_deviation(found).text,
            "state": "proposed",
        }

    @api.model
    def _get_span_domain(self, agreements, first, end):
        """Return the domain of the windows of these customers that begin in a span."""
        return Domain(
            [
                ("company_id", "in", agreements.company_id.ids),
                ("partner_id", "in", agreements.partner_id.ids),
                ("date_start", ">=", first),
                ("date_start", "<", end),
            ]
        )

    @api.model
    def _find_window(self, company, partner, currency, table, day):
        """Return the window of ``day`` if people decided about it, as superuser; else
        none.

        :param partner: commercial partner
        """
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("currency_id", "=", currency.id),
                ("volume_discount_id", "=", table.id),
                ("date_start", "<=", day),
                ("date_end", ">=", day),
            ]
        )
        return self.sudo().search(domain, order="id", limit=1)

    def _get_key(self):
        """Return whose window it is, as a plain value."""
        self.ensure_one()
        return self.company_id.id, self.partner_id.id, self.currency_id.id

    @api.model
    def _get_decisions(self, agreements, first, end):
        """Return what was decided about windows, see ``past.Past``."""
        domain = self._get_span_domain(agreements, first, end)
        return {
            (window._get_key(), window.volume_discount_id.id, window.date_start): (
                window._get_waived(),
                window._get_reason(),
            )
            for window in self.sudo().search(domain)
        }

    def _get_waived(self):
        """Return the amounts nobody wants to collect: pairs of taxes and amount."""
        self.ensure_one()
        return [
            (tuple(taxes), to_decimal(float(amount)))
            for taxes, amount in self.waived or ()
        ]

    def _get_reason(self):
        """Return why a person changed the terms, for the customer; "" if nobody did."""
        self.ensure_one()
        return (self.terms and self.reason) or ""

    @api.model
    def _add_agreed_terms(self, found, agreements, first, end):
        """Add to ``found`` the terms that a person let hold in running windows."""
        domain = self._get_span_domain(agreements, first, end)
        for window in self.sudo().search(domain):
            if window.terms:
                table = window.volume_discount_id
                terms = table._restore_terms(window.terms)
                key = window._get_key()
                for agreement in agreements:
                    if (
                        agreement.volume_discount_id == table
                        and agreement._get_customer_key() == key
                    ):
                        found.add(agreement.id, key, terms, window.date_start)

    @api.model
    def _apply_table(self, agreement, day, reason):
        """Let today's table of ``agreement`` hold in the window of ``day``.

        What the change makes of hours that are billed is an adjustment on the next
        invoice. A window that has begun keeps its length.
        """
        self._check_can_decide()
        table = agreement.volume_discount_id
        running, _past = agreement._get_window_of(day)
        data = table._get_terms_data() | {"window": running.window}
        span = window_of(day, running.window)
        values = {
            "company_id": agreement.company_id.id,
            "partner_id": agreement.partner_id.id,
            "currency_id": agreement.currency_id.id,
            "volume_discount_id": table.id,
            "date_start": span.start,
            "date_end": span.last_day,
        }
        known = self.sudo().search([(name, "=", key) for name, key in values.items()])
        window = known or self.sudo().create(values)
        window.write({"terms": data, "reason": reason})
        return window

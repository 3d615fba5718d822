"""The proof on the invoice: what was kept when it was priced, in the reader's words."""

from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..core import kinds
from ..core import proof as proofs
from ..core.cliffs import find_cliffs
from ..formats import format_number
from .account_move import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    volume_discount_proof = fields.Html(
        compute="_compute_volume_discount_proof",
        sanitize=False,
        groups=READERS,
    )

    @api.depends("volume_discount_data", "currency_id")
    @api.depends_context("lang")
    def _compute_volume_discount_proof(self):
        for move in self:
            values = move._get_volume_discount_proofs()
            move.volume_discount_proof = values and self.env["ir.qweb"]._render(
                "volume_discount.proof", {"proofs": values, "with_advice": True}
            )

    def _get_volume_discount_proofs(self):
        """Return what invoice and form show of the proof, in the user's language.

        :return: list of dicts of text: ``title``, ``formula``, ``rows`` (dicts with
            ``hours``, ``price``, ``amount``, ``text``), ``total``,
            ``total_label``, ``position``, ``next``, ``note``, ``advice``; what does not
            apply is False
        """
        self.ensure_one()
        data = self.volume_discount_data or {}
        return [
            self._describe_proof(data["name"], proofs.from_data(kept))
            for kept in data.get("proofs", ())
        ]

    def _describe_proof(self, name, proof):
        rows = [self._describe_row(row) for row in proof.rows]
        return {
            "title": self.env._(
                "%(table)s, %(window)s", table=name, window=self._describe_window(proof)
            ),
            "formula": self._get_list_separator().join(r["formula"] for r in rows),
            "rows": rows,
            "hours": self._format_aligned(proof.hours),
            "total": self._format_price(proof.amount),
            "total_label": self._describe_total(),
            "position": self._describe_position(proof),
            "next": self._describe_next_tier(proof),
            "note": self._describe_agreement(proof),
            "advice": self._describe_cliff(proof),
        }

    def _describe_total(self):
        """Return what the sum of the hours is: prices can have their tax in them."""
        lines = self.invoice_line_ids.filtered("volume_discount_kind")
        if any(lines.tax_ids.flatten_taxes_hierarchy().mapped("price_include")):
            return self.env._("Total")
        return self.env._("Total before tax")

    def _describe_row(self, row):
        amount = self._format_price(row.amount)
        if row.kind == kinds.BEST_PRICE:
            text = self.env._("Best price")
        elif row.kind == kinds.DIFFERENCE:
            text = self.env._("Hours billed before, at the reached tier")
        elif row.tier:
            bound = self._format_hours(row.tier.min_quantity)
            text = self.env._("From %s h", bound)
        else:
            text = self.env._("List price")
        hours, price = self._format_hours(row.hours), self._format_price(row.price_unit)
        is_time = row.kind == kinds.TIME
        plain = self._format_aligned(row.price_unit)
        return {
            "text": text,
            "hours": is_time and self._format_aligned(row.hours),
            "price": is_time and price,
            "amount": amount,
            "formula": self.env._("%(hours)s h × %(price)s", hours=hours, price=plain)
            if is_time
            else f"{text} {amount}",
        }

    def _format_aligned(self, value):
        """Return a number of a column, with its point below the others."""
        return formatLang(self.env, float(value), digits=2)

    def _get_list_separator(self):
        """Return what stands between numbers, different from their decimal point."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return "; " if lang.decimal_point == "," else ", "

    def _describe_window(self, proof):
        """Return the window as text: October 2026, Q4 2026, 2026."""
        day = proof.window.start
        if proof.terms.window == "month":
            return format_date(self.env, day, date_format="LLLL yyyy")
        if proof.terms.window == "quarter":
            return format_date(self.env, day, date_format="QQQ yyyy")
        return str(day.year)

    def _describe_position(self, proof):
        """Return where the customer stands in the window."""
        if proof.consumed:
            return self.env._(
                "%(window)s so far: %(position)s h, of which %(consumed)s h were "
                "invoiced before.",
                window=self._describe_window(proof),
                position=self._format_hours(proof.position),
                consumed=self._format_hours(proof.consumed),
            )
        return self.env._(
            "%(window)s so far: %(position)s h.",
            window=self._describe_window(proof),
            position=self._format_hours(proof.position),
        )

    def _describe_next_tier(self, proof):
        """Return how many hours are left to the next tier."""
        if not proof.next_tier:
            return self.env._("The last tier is reached.")
        missing, tier = proof.next_tier
        return self.env._(
            "%(missing)s h until the next tier: %(term)s.",
            missing=self._format_hours(missing),
            term=self._describe_tier(tier),
        )

    def _describe_tier(self, tier):
        hours = self._format_hours(tier.min_quantity)
        if tier.price_type == "discount":
            discount = format_number(self.env, float(tier.discount))
            return self.env._(
                "from %(hours)s h: %(discount)s %% off", hours=hours, discount=discount
            )
        price = self._format_price(tier.price_unit)
        return self.env._(
            "from %(hours)s h: %(price)s per hour", hours=hours, price=price
        )

    def _describe_agreement(self, proof):
        """Return the note on a reduction that depends on other invoices too.

        UStG 14(4) no. 7: a reduction agreed beforehand that is not already in the
        price stands on the invoice.
        """
        if not proof.is_partial:
            return False
        return self.env._(
            "A volume discount is agreed: the hours from %(start)s to %(end)s count "
            "together (%(terms)s). Further hours in this time can reduce the price.",
            start=format_date(self.env, proof.window.start),
            end=format_date(self.env, proof.window.last_day),
            terms=", ".join(
                self._describe_tier(tier)
                for tier in sorted(proof.terms.tiers, key=lambda t: t.min_quantity)
            ),
        )

    def _describe_cliff(self, proof):
        """Return, for the firm, where more hours would cost the customer less."""
        hours = [row for row in proof.rows if row.kind == kinds.TIME]
        prices = {row.list_price for row in hours}
        is_reduced = any(row.factor != 1 for row in hours)
        if proof.consumed or len(prices) != 1 or is_reduced:
            return False
        for cliff in find_cliffs(proof.terms, prices.pop()):
            if cliff.start < proof.position < cliff.bound:
                return self.env._(
                    "%(bound)s h would cost %(amount)s, %(less)s less than this "
                    "invoice. The cheapest way out is “Best Price” on the table.",
                    bound=self._format_hours(cliff.bound),
                    amount=self._format_price(cliff.amount),
                    less=self._format_price(proof.amount - cliff.amount),
                )
        return False

    def _format_hours(self, hours):
        return format_number(self.env, float(hours))

    def _format_price(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

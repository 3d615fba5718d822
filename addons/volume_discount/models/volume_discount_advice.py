"""What a table means: sentences, a graph, and a warning where more costs less."""

from odoo import api, fields, models

from ..core.cliffs import find_cliffs, get_points
from ..core.numbers import to_decimal
from ..formats import format_number
from .volume_discount import TERMS

#: size of the graph in its own units
WIDTH, HEIGHT = 600, 220
LEFT, BOTTOM, TOP, RIGHT = 56, 34, 12, 8


class VolumeDiscount(models.Model):
    _inherit = "volume.discount"

    sentences = fields.Html(compute="_compute_sentences", sanitize=False)
    cliff_warning = fields.Char(compute="_compute_cliff_warning")
    chart = fields.Html(compute="_compute_chart", sanitize=False)

    @api.depends("mode", "best_price", "window", "list_price", "currency_id", *TERMS)
    @api.depends_context("lang")
    def _compute_sentences(self):
        for discount in self:
            discount.sentences = self.env["ir.qweb"]._render(
                "volume_discount.sentences", {"sentences": discount._get_sentences()}
            )

    @api.depends("mode", "best_price", "list_price", "currency_id", *TERMS)
    @api.depends_context("lang")
    def _compute_cliff_warning(self):
        for discount in self:
            discount.cliff_warning = discount._get_cliff_warning()

    @api.depends("mode", "best_price", "list_price", "currency_id", *TERMS)
    @api.depends_context("lang")
    def _compute_chart(self):
        for discount in self:
            try:
                values = discount._get_chart_values()
            except ValueError:  # half-typed terms: saving says what is wrong
                values = None
            discount.chart = values and self.env["ir.qweb"]._render(
                "volume_discount.chart", values
            )

    def _get_sentences(self):
        """Return the terms as sentences, one per tier, in the user's language."""
        self.ensure_one()
        rows = self.tier_ids.sorted("min_quantity")
        sentences = []
        if rows and rows[0].min_quantity:
            sentences.append(
                self.env._(
                    "Below %s h the list price holds.",
                    format_number(self.env, rows[0].min_quantity),
                )
            )
        sentences += [row._get_long_sentence() for row in rows]
        if self.window == "month":
            sentences.append(self.env._("The hours of a calendar month add up."))
        elif self.window == "quarter":
            sentences.append(self.env._("The hours of a calendar quarter add up."))
        elif self.window == "year":
            sentences.append(self.env._("The hours of a calendar year add up."))
        return sentences

    def _get_cliff_warning(self):
        """Return where more hours would cost less and the cheapest way out of it."""
        self.ensure_one()
        list_price = to_decimal(self.list_price)
        try:
            cliffs = find_cliffs(self._get_terms(), list_price)
        except ValueError:  # half-typed terms: saving says what is wrong
            return False
        if not cliffs:
            return False
        worst = max(cliffs, key=lambda cliff: cliff.loss)
        return self.env._(
            "More hours can cost less: from %(start)s h on, the %(bound)s h of the "
            "next tier for %(amount)s would be cheaper. The cheapest way out is “Best "
            "Price”: nobody pays more than those %(amount)s, which takes at most "
            "%(loss)s off an invoice. The mode Graduated has no such step, but costs "
            "the customer more.",
            start=format_number(self.env, float(worst.start)),
            bound=format_number(self.env, float(worst.bound)),
            amount=self._format_money(worst.amount),
            loss=self._format_money(worst.loss),
        )

    def _get_chart_values(self):
        """Return what the graph's template draws: paths, ticks and a description."""
        self.ensure_one()
        list_price = to_decimal(self.list_price)
        bounds = [tier.min_quantity for tier in self._get_tiers()]
        if not list_price or not any(bounds):
            return None
        upper = max(bounds) * 3 / 2
        points = get_points(self._get_terms(), list_price, upper)
        highest = max(max(point.rate, point.marginal) for point in points) * 11 / 10
        scale = _Scale(float(upper), float(highest))
        return {
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "bottom": HEIGHT - BOTTOM,
            "right": WIDTH - RIGHT,
            "rate": scale.path([(p.hours, p.rate) for p in points]),
            "marginal": scale.path([(p.hours, p.marginal) for p in points]),
            "hours": [
                (scale.x(bound), format_number(self.env, float(bound)))
                for bound in sorted({*bounds, upper})
            ],
            "prices": [
                (scale.y(price), format_number(self.env, float(price)))
                for price in self._get_price_ticks(list_price)
            ],
            "description": self._get_chart_description(points),
        }

    def _get_price_ticks(self, list_price):
        """Return the prices per hour that the graph names, without neighbours."""
        prices = sorted({list_price, *(t.price(list_price) for t in self._get_tiers())})
        kept = []
        for price in prices:
            if not kept or price - kept[-1] > prices[-1] / 12:
                kept.append(price)
        return kept

    def _get_chart_description(self, points):
        """Return what the graph shows, for those who do not see it."""
        first, last = points[0], points[-1]
        return self.env._(
            "Price of the last hour and average price per hour over hours: from "
            "%(first)s to %(last)s on average at %(hours)s h.",
            first=self._format_money(first.rate),
            last=self._format_money(last.rate),
            hours=format_number(self.env, float(last.hours)),
        )


class _Scale:
    """Hours and prices to the coordinates of the graph."""

    def __init__(self, hours, price):
        self._hours = hours
        self._price = price

    def x(self, hours):
        """Return the position of ``hours`` from the left."""
        width = WIDTH - LEFT - RIGHT
        return round(LEFT + float(hours) / self._hours * width, 1)

    def y(self, price):
        """Return the position of ``price`` from the top."""
        height = HEIGHT - TOP - BOTTOM
        return round(HEIGHT - BOTTOM - float(price) / self._price * height, 1)

    def path(self, points):
        """Return the points of a line as SVG writes them."""
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)

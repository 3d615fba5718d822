"""Decide: who is reminded of what on a day, at which level, and why somebody is not.

Plain values in and out; nothing is written. The facts of a day are read in a handful of
queries, however many amounts are open.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..core.money import to_decimal
from ..core.receivable import Obstacle, Reached, Receivable
from ..core.schedule import next_step


class Letter(NamedTuple):
    """One customer, one currency: the amounts that stand in a reminder.

    ``level_id`` is the highest level that an amount newly reaches.
    """

    partner_id: int
    currency_id: int
    level_id: int
    reached: tuple[Reached, ...]


class Decision(NamedTuple):
    """The letters of a day, and for each overdue amount without one the reason."""

    letters: list[Letter]
    obstacles: dict[Receivable, Obstacle]


class DunningDecision(models.AbstractModel):
    _name = "dunning.decision"
    _description = "Decision About Reminders"

    @api.model
    def _decide(self, day, company, partners=None):
        """Decide about all overdue amounts of a company, or of chosen customers.

        :param day: the day of the reminder (date), in the company's own time
        :param company: one ``res.company``
        :param partners: commercial partners, everybody if None
        :return: a ``Decision``
        """
        env = self.sudo().with_company(company).env
        decision = env["dunning.decision"]
        receivables = decision._read_receivables(day, company, partners)
        obstacles = decision._get_obstacles(receivables, day, company)
        groups = defaultdict(list)
        for receivable in receivables:
            groups[receivable.group].append(receivable)
        letters = []
        context = decision._read_reached(receivables), decision._read_last(company)
        steps = env["dunning.level"]._get_levels(company)._get_steps()
        for group in groups.values():
            letter, reasons = decision._decide_group(
                group, day, company, steps, obstacles, context
            )
            obstacles.update(reasons)
            if letter:
                letters.append(letter)
        credits = {one for one in receivables if one.is_credit}
        kept = {one: why for one, why in obstacles.items() if one not in credits}
        return Decision(letters, kept)

    @api.model
    def _read_receivables(self, day, company, partners=None):
        """Read what is open and past its due day, and what customers are owed.

        :return: list of ``Receivable``, by customer, due day and id
        """
        domain = self._get_receivables_domain(day, company, partners)
        query = self.env["account.move.line"]._search(domain)
        self.env.flush_all()
        rows = self.env.execute_query(query.select(*self._get_columns(query)))
        return sorted(
            (
                Receivable(*row[:6], to_decimal(row[6]), to_decimal(row[7]), *row[8:])
                for row in rows
            ),
            key=lambda one: (one.group, one.due, one.line_id),
        )

    @api.model
    def _get_receivables_domain(self, day, company, partners):
        """Return the domain of open items past their due day, and of credit.

        Extension point: an addon that reminds of items itself takes them out.
        """
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("partner_id", "!=", False),
                "|",
                ("amount_residual_currency", "<", 0),
                "&",
                ("date_maturity", "<", day),
                ("move_id.move_type", "in", ("out_invoice", "out_receipt")),
            ]
        )
        if partners is not None:
            customers = Domain("move_id.commercial_partner_id", "in", partners.ids)
            domain &= customers
        return domain

    @api.model
    def _get_columns(self, query):
        """Return what is read of the items: the fields of ``Receivable``, in order."""
        line = query.table
        move = query.join(line, "move_id", "account_move", "id", "dunning_move")
        partner = query.join(line, "partner_id", "res_partner", "id", "dunning_partner")
        column = SQL.identifier
        commercial = column(partner, "commercial_partner_id")
        return (
            column(line, "id"),
            column(move, "id"),
            SQL("COALESCE(%s, %s)", commercial, column(partner, "id")),
            column(move, "partner_id"),
            column(line, "currency_id"),
            SQL(
                "COALESCE(%s, %s)", column(line, "date_maturity"), column(line, "date")
            ),
            column(line, "amount_currency"),
            column(line, "amount_residual_currency"),
            column(move, "move_type"),
            SQL("COALESCE(%s, '')", column(move, "payment_state")),
            SQL("COALESCE(%s, FALSE)", column(move, "is_move_sent")),
            SQL("COALESCE(%s, FALSE)", column(line, "no_followup")),
            column(move, "dunning_hold_until"),
            column(move, "dunning_hold_reason"),
        )

    @api.model
    def _get_disputed_amounts(self, receivables, company):
        """Return how much of amounts the customer questions, which is not asked for.

        Extension point, without a query per amount.

        :return: Decimal in the item's currency, by ``Receivable``
        """
        return {}

    @api.model
    def _read_reached(self, receivables):
        """Return the last level and its day by item id: of letters that count."""
        rows = self.env["dunning.notice.line"]._read_group(
            [
                ("move_line_id", "in", [one.line_id for one in receivables]),
                ("is_advanced", "=", True),
                ("state", "!=", "cancelled"),
            ]
            if len(receivables) < 1000
            else [("is_advanced", "=", True), ("state", "!=", "cancelled")],
            ["move_line_id", "level_id"],
            ["date:max"],
        )
        reached = {}
        for line, level, day in sorted(rows, key=lambda row: (row[2], row[1].days)):
            reached[line.id] = (level.id, day)
        return reached

    @api.model
    def _read_last(self, company):
        """Return the day of the last letter by customer and currency."""
        rows = self.env["dunning.notice"]._read_group(
            [("company_id", "=", company.id), ("state", "!=", "cancelled")],
            ["partner_id", "currency_id"],
            ["date:max"],
        )
        return {(partner.id, currency.id): day for partner, currency, day in rows}

    @api.model
    def _decide_group(self, group, day, company, steps, obstacles, context):
        """Decide about the amounts of one customer in one currency.

        :return: a ``Letter`` or None, and obstacles by ``Receivable``
        """
        owed = [one for one in group if not one.is_credit and one not in obstacles]
        if not owed:
            return None, {}
        if obstacle := self._get_group_obstacle(group, owed, day, company):
            return None, dict.fromkeys(owed, obstacle)
        reached_before, last_letters = context
        reached = [
            self._get_reached(one, day, company, steps, reached_before) for one in owed
        ]
        advanced = [one.level_id for one in reached if one.is_advanced]
        if not advanced:
            return None, self._explain_waiting(owed, day)
        last = last_letters.get(group[0].group)
        if last and (day - last).days < company.dunning_pause_days:
            return None, dict.fromkeys(owed, self._get_pause_obstacle(last))
        order = {step.key: position for position, step in enumerate(steps)}
        highest = max(advanced, key=order.__getitem__)
        credits = [Reached(one, None, False) for one in group if one.is_credit]
        return Letter(*group[0].group, highest, (*reached, *credits)), {}

    @api.model
    def _get_reached(self, receivable, day, company, steps, reached_before):
        last_level, last_day = reached_before.get(receivable.line_id, (None, None))
        due = company._get_last_day_to_pay(receivable.due)
        step = next_step(steps, due, day, last_level, last_day)
        return Reached(receivable, step.key if step else last_level, bool(step))

    @api.model
    def _get_group_obstacle(self, group, owed, day, company):
        """Return why one customer gets no letter for what he owes, if so."""
        currency = self.env["res.currency"].browse(owed[0].currency_id)
        credit = -sum((one.amount_open for one in group if one.is_credit), Decimal(0))
        amount = sum((one.amount_open for one in owed), Decimal(0)) - credit
        if credit and currency.compare_amounts(float(amount), 0) <= 0:
            return Obstacle(
                "credit", self.env._("Credit of the customer covers what is open.")
            )
        tolerance = self._get_tolerance(currency, day, company)
        if currency.compare_amounts(float(amount), tolerance) < 0:
            return Obstacle(
                "tolerance", self.env._("The open sum is too small for a letter.")
            )
        return None

    @api.model
    def _get_tolerance(self, currency, day, company):
        """Return the smallest sum that is worth a letter, in ``currency``."""
        return company.currency_id._convert(
            company.dunning_tolerance, currency, company, day
        )

    @api.model
    def _explain_waiting(self, owed, day):
        obstacle = Obstacle("waiting", self.env._("The next reminder is not due yet."))
        return dict.fromkeys(owed, obstacle)

    @api.model
    def _get_pause_obstacle(self, last):
        return Obstacle(
            "pause",
            self.env._(
                "The customer got a reminder on %s already.",
                format_date(self.env, last),
            ),
        )

    @api.model
    def _decide_again(self, notice):
        """Decide anew about a reminder that is about to leave, from the facts of now.

        :param notice: one ``dunning.notice`` that was not sent
        :return: a ``Letter``, or the ``Obstacle`` because of which it must not leave
        """
        company = notice.company_id
        decision = self.sudo().with_company(company)
        receivables = decision._read_receivables(
            notice.date, company, notice.partner_id
        )
        obstacles = decision._get_obstacles(receivables, notice.date, company)
        lines = {line.move_line_id.id: line for line in notice.line_ids}
        group = [one for one in receivables if one.currency_id == notice.currency_id.id]
        owed = [one for one in group if one.line_id in lines and not one.is_credit]
        kept = [one for one in owed if one not in obstacles]
        reached = [
            Reached(one, line.level_id.id, line.is_advanced)
            for one in kept
            for line in (lines[one.line_id],)
        ]
        if not any(one.is_advanced for one in reached):
            return next(
                (obstacles[one] for one in owed if one in obstacles),
                Obstacle("paid", decision.env._("Paid in the meantime.")),
            )
        if obstacle := decision._get_group_obstacle(group, kept, notice.date, company):
            return obstacle
        credits = [Reached(one, None, False) for one in group if one.is_credit]
        return Letter(
            notice.partner_id.id,
            notice.currency_id.id,
            notice.level_id.id,
            (*reached, *credits),
        )

    @api.model
    def _describe_next(self, move):
        """Return in words which reminder comes next for an invoice, or why none."""
        company = move.company_id
        day = company._get_dunning_today()
        levels = self.env["dunning.level"]._get_levels(company)
        dues = move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).mapped("date_maturity")
        if not dues or not levels:
            return False
        if min(dues) >= day:
            return self.env._("Due on %s", format_date(self.env, min(dues)))
        decision = self._decide(day, company, move.commercial_partner_id)
        for letter in decision.letters:
            for one in letter.reached:
                if one.receivable.move_id == move.id and one.is_advanced:
                    return levels.browse(one.level_id).name
        for receivable, obstacle in decision.obstacles.items():
            if receivable.move_id == move.id:
                return obstacle.reason
        return self.env._("All reminders were sent.")

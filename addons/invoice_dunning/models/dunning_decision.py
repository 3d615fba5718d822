"""Decide: who is reminded of what on a day, at which level, and why somebody is not.

Plain values in and out; nothing is written. The facts of a day are read in a handful of
queries, however many amounts are open.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools.misc import format_date

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
        context = (
            decision._read_reached(receivables),
            decision._read_last(company, receivables),
        )
        steps = env["dunning.level"]._get_levels(company)._get_steps()
        for group in groups.values():
            letter, reasons = decision._decide_group(
                group, day, company, steps, obstacles, context
            )
            obstacles.update(reasons)
            if letter:
                letters.append(letter)
        kept = {
            one: why
            for one, why in obstacles.items()
            if not one.is_credit and one.due < day
        }
        return Decision(letters, kept)

    @api.model
    def _get_disputed_amounts(self, receivables, company):
        """Return how much of amounts the customer questions, which is not asked for.

        Extension point, without a query per amount.

        :return: Decimal in the item's currency, by ``Receivable``
        """
        return {}

    @api.model
    def _decide_group(self, group, day, company, steps, obstacles, context):
        """Decide about the amounts of one customer in one currency: about those that
        are overdue, and else about those that are due soon.

        :return: a ``Letter`` or None, and obstacles by ``Receivable``
        """
        owed = [one for one in group if not one.is_credit and one not in obstacles]
        overdue = [one for one in owed if one.due < day]
        letter, reasons = self._decide_owed(
            group, overdue, day, company, steps, context
        )
        if not letter and len(overdue) < len(owed):
            soon = [one for one in owed if one.due >= day]
            letter, _ = self._decide_owed(group, soon, day, company, steps, context)
        return letter, reasons

    @api.model
    def _decide_owed(self, group, owed, day, company, steps, context):
        """Decide about amounts that may stand in one letter.

        :return: as ``_decide_group``
        """
        if not owed:
            return None, {}
        if obstacle := self._get_group_obstacle(group, owed, day, company):
            return None, dict.fromkeys(owed, obstacle)
        reached_before, last_letters = context
        reached = [self._get_reached(one, day, steps, reached_before) for one in owed]
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
    def _get_reached(self, receivable, day, steps, reached_before):
        last_level, last_day = reached_before.get(receivable.line_id, (None, None))
        step = next_step(steps, receivable.last_day, day, last_level, last_day)
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
        if notice.level_id._is_note() and not self._is_in_time(kept, company):
            return Obstacle("late", decision.env._("The due day has passed."))
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
    def _is_in_time(self, receivables, company):
        """Return whether all of these can still be paid by their due day."""
        today = company._get_dunning_today()
        return all(one.last_day >= today for one in receivables)

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

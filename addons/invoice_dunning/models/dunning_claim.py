"""What a reminder asks for: amounts and claims of each letter, as plain values."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools.misc import format_date

from ..core import claims, default, interest
from ..core.money import to_decimal
from ..core.rates import MissingRate
from ..core.receivable import Obstacle


class DunningClaim(models.AbstractModel):
    _name = "dunning.claim"
    _description = "Claims of Reminders"

    @api.model
    def _prepare_letters(self, day, company, partners=None):
        """Return values for the reminders of a day, and why others get none.

        :param partners: commercial partners, everybody if None
        :return: list of dicts, and ``Obstacle`` by ``Receivable``
        """
        if partners is not None:
            partners = partners.commercial_partner_id
        decision = self.env["dunning.decision"]._decide(day, company, partners)
        letters = decision.letters
        facts = self._read_facts(letters, company)
        prepared, obstacles = [], dict(decision.obstacles)
        for letter in letters:
            try:
                prepared.append(self._prepare_letter(letter, day, company, facts))
            except MissingRate as error:
                owed = [one.receivable for one in letter.reached]
                reason = self._get_missing_rate_obstacle(error)
                obstacles.update(dict.fromkeys(owed, reason))
        return prepared, obstacles

    @api.model
    def _prepare_again(self, notice):
        """Return the values of a reminder anew, from the facts of now.

        :return: the ``line_ids`` and ``amount_fee``, or the ``Obstacle`` because of
            which it must not leave
        """
        company = notice.company_id
        letter = self.env["dunning.decision"]._decide_again(notice)
        if isinstance(letter, Obstacle):
            return letter
        claims_of = self.with_company(company)
        facts = claims_of._read_facts([letter], company)
        try:
            values = claims_of._prepare_letter(letter, notice.date, company, facts)
        except MissingRate as error:
            return claims_of._get_missing_rate_obstacle(error)
        return {name: values[name] for name in ("line_ids", "amount_fee")}

    @api.model
    def _get_missing_rate_obstacle(self, error):
        return Obstacle(
            "base_rate",
            self.env._(
                "The base rate from %s is not known. Enter it under Invoicing > "
                "Configuration > Base Rates.",
                format_date(self.env, error.half_year),
            ),
        )

    @api.model
    def _read_facts(self, letters, company):
        """Read what the claims of all letters depend on, in a few queries."""
        ids = [one.receivable.line_id for letter in letters for one in letter.reached]
        lines = self.env["account.move.line"].browse(ids)
        earlier = self.env["dunning.notice.line"].search(
            [("move_line_id", "in", ids), ("state", "!=", "cancelled")]
        )
        reminded = defaultdict(list)
        for line in earlier.filtered(
            lambda line: (
                line.is_advanced
                and line.state == "sent"
                and line.notice_id.delivery_state != "failed"
            )
        ):
            reminded[line.move_line_id.id].append(line.date)
        receivables = [one.receivable for letter in letters for one in letter.reached]
        decisions = self.env["dunning.decision"]
        return {
            "lines": {line.id: line for line in lines},
            "partners": {
                partner.id: partner for partner in self._read_debtors(letters)
            },
            "payments": lines._get_dunning_payments(),
            "reminded": {key: min(days) for key, days in reminded.items()},
            "waived": {
                line.move_line_id.id: line for line in earlier if line.waive_reason
            },
            "flats": self._read_flats(lines.move_id),
            "disputed": decisions._get_disputed_amounts(receivables, company),
            "rates": {
                is_consumer: company._get_dunning_rate(is_consumer)
                for is_consumer in (False, True)
            },
        }

    @api.model
    def _read_debtors(self, letters):
        """Return the customers of letters, to be read together."""
        return self.env["res.partner"].browse([one.partner_id for one in letters])

    @api.model
    def _read_flats(self, moves):
        """Return on which receivable item the flat sum of each invoice stands."""
        claimed = self.env["dunning.notice.line"].search(
            [
                ("move_id", "in", moves.ids),
                ("flat", ">", 0),
                ("is_current", "=", True),
                ("state", "!=", "cancelled"),
            ]
        )
        return {line.move_id.id: line.move_line_id.id for line in claimed}

    @api.model
    def _prepare_letter(self, letter, day, company, facts):
        """Return the values of one ``dunning.notice``.

        :raise MissingRate: if interest is asked for and a base rate is not known
        """
        partner = facts["partners"][letter.partner_id]
        level = self.env["dunning.level"].browse(letter.level_id)
        currency = self.env["res.currency"].browse(letter.currency_id)
        is_consumer = partner._is_dunning_consumer()
        flats, lines, is_in_default = dict(facts["flats"]), [], False
        for reached in letter.reached:
            claim = self._get_claim(reached.receivable, company, is_consumer, facts)
            defaulted = default.is_in_default(claim, day)
            is_in_default |= defaulted and reached.is_advanced
            lines.append(self._prepare_line(reached, claim, day, company, facts, flats))
        moves = [
            facts["lines"][one.receivable.line_id].move_id for one in letter.reached
        ]
        fee = level.fee if is_in_default else 0.0
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "recipient_id": self._get_recipient(letter, partner).id,
            "currency_id": currency.id,
            "level_id": level.id,
            "date": day,
            "user_id": self._get_person_in_charge(level, moves).id,
            "amount_fee": company.currency_id._convert(fee, currency, company, day),
            "line_ids": lines,
        }

    @api.model
    def _get_recipient(self, letter, partner):
        """Return who gets the letter: the contact of all invoices, if it is one."""
        contacts = {
            one.receivable.contact_id
            for one in letter.reached
            if not one.receivable.is_credit
        }
        if len(contacts) == 1:
            return partner.browse(contacts)
        return partner.browse(partner.address_get(["invoice"])["invoice"])

    @api.model
    def _get_person_in_charge(self, level, moves):
        users = [move.invoice_user_id for move in moves if move.invoice_user_id]
        return level.user_id or (users[-1] if users else self.env["res.users"])

    @api.model
    def _get_claim(self, receivable, company, is_consumer, facts):
        """Return what decides about default of one amount, as a plain value."""
        line = facts["lines"][receivable.line_id]
        return default.Claim(
            due=company._get_last_day_to_pay(receivable.due),
            delivered_on=line.move_id._get_dunning_delivered_on(),
            reminded_on=facts["reminded"].get(line.id),
            is_consumer=is_consumer,
            is_due_agreed=company.dunning_due_is_agreed,
            is_warned=company.dunning_warns_consumers,
        )

    @api.model
    def _prepare_line(self, reached, claim, day, company, facts, flats):
        """Return the values of one ``dunning.notice.line``.

        :param flats: by invoice the item with its flat sum; gets the new one
        """
        one = reached.receivable
        disputed = Decimal(0)
        if not one.is_credit:
            disputed = min(facts["disputed"].get(one, disputed), one.amount_open)
        values = {
            "move_line_id": one.line_id,
            "move_id": one.move_id,
            "level_id": reached.level_id,
            "is_advanced": reached.is_advanced,
            "date_maturity": one.due,
            "days_overdue": 0 if one.is_credit else (day - claim.due).days,
            "amount": float(one.amount),
            "amount_paid": float(one.amount - one.amount_open),
            "amount_disputed": float(disputed),
            "amount_open": float(one.amount_open - disputed),
            "interest": 0.0,
            "flat": 0.0,
        }
        if not one.is_credit and one.line_id not in facts["waived"]:
            level = self.env["dunning.level"].browse(reached.level_id)
            values.update(
                self._prepare_interest(level, one, claim, day, facts, disputed)
            )
            values["flat"] = self._get_flat(level, one, claim, day, company, flats)
        return values

    @api.model
    def _prepare_interest(self, level, one, claim, day, facts, disputed):
        first = default.interest_from(claim)
        if not level.has_interest or first is None or first > day:
            return {}
        currency = self.env["res.currency"].browse(one.currency_id)
        payments = [
            interest.Payment(paid_on, to_decimal(amount))
            for paid_on, amount in facts["payments"][one.line_id]
        ]
        parts = interest.shares(
            one.amount - disputed,
            first,
            day,
            facts["rates"][claim.is_consumer],
            payments,
        )
        amount = interest.total(list(parts), to_decimal(currency.rounding))
        return {
            "interest": float(amount),
            "interest_from": first,
            "interest_until": day,
        }

    @api.model
    def _get_flat(self, level, one, claim, day, company, flats):
        if not level.has_flat or not company._has_dunning_flat():
            return 0.0
        currency = self.env["res.currency"].browse(one.currency_id)
        holder = flats.get(one.move_id, one.line_id)
        amount = claims.flat_amount(
            claim.is_consumer,
            default.is_in_default(claim, day),
            holder != one.line_id,
            currency.name,
        )
        if amount:
            flats[one.move_id] = one.line_id
        return float(amount)

"""What a reminder asks for: amounts and claims of each letter, as plain values."""

from decimal import Decimal

from odoo import api, models
from odoo.tools.misc import format_date

from ..core import claims, default, interest
from ..core.money import to_decimal
from ..core.rates import MissingRate
from ..core.receivable import Obstacle, Terms


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
        """Read what the claims of all letters depend on, in a few queries.

        Of letters that ask for the principal alone hardly anything is read.
        """
        terms = self._read_terms(company)
        reached = [one for letter in letters for one in letter.reached]
        claiming = [
            one.receivable for one in reached if terms[one.level_id].is_claiming
        ]
        lines = self.env["account.move.line"].browse([one.line_id for one in claiming])
        earlier = self.env["dunning.notice.line"].search(
            [("move_line_id", "in", lines.ids), ("state", "!=", "cancelled")]
        )
        decisions = self.env["dunning.decision"]
        receivables = [one.receivable for one in reached]
        return {
            "terms": terms,
            "lines": {line.id: line for line in lines},
            "partners": {
                partner.id: partner for partner in self._read_debtors(letters)
            },
            "payments": lines._get_dunning_payments(),
            "reminded": self._get_first_reminders(earlier),
            "waived": {
                line.move_line_id.id: line for line in earlier if line.waive_reason
            },
            "flats": self._read_flats([one.move_id for one in claiming]),
            "disputed": decisions._get_disputed_amounts(receivables, company),
            "rates": {
                is_consumer: company._get_dunning_rate(is_consumer)
                for is_consumer in (False, True)
            },
        }

    @api.model
    def _read_terms(self, company):
        """Return the ``Terms`` by level id; None is the level of credit."""
        levels = self.env["dunning.level"].with_context(active_test=False)
        return {None: Terms()} | {
            level.id: Terms(level.fee, level.has_interest, level.has_flat)
            for level in levels._get_levels(company)
        }

    @api.model
    def _get_first_reminders(self, lines):
        """Return on which day the customer was first reminded, by receivable item."""
        reminded = {}
        for line in lines.sorted("date", reverse=True):
            if (
                line.is_advanced
                and line.days_overdue > 0  # a note puts nobody in default
                and line.state == "sent"
                and line.notice_id.delivery_state != "failed"
            ):
                reminded[line.move_line_id.id] = line.date
        return reminded

    @api.model
    def _read_debtors(self, letters):
        """Return the customers of letters, to be read together."""
        return self.env["res.partner"].browse([one.partner_id for one in letters])

    @api.model
    def _read_flats(self, move_ids):
        """Return on which receivable item the flat sum of each invoice stands."""
        claimed = self.env["dunning.notice.line"].search(
            [
                ("move_id", "in", move_ids),
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
        lines, is_in_default = [], False
        for reached in letter.reached:
            claim = None
            if facts["terms"][reached.level_id].is_claiming:
                claim = self._get_claim(reached.receivable, company, partner, facts)
                defaulted = default.is_in_default(claim, day)
                is_in_default |= defaulted and reached.is_advanced
            lines.append(self._prepare_line(reached, claim, day, company, facts))
        fee = 0.0
        if is_in_default and level.fee:
            currency = self.env["res.currency"].browse(letter.currency_id)
            fee = company.currency_id._convert(level.fee, currency, company, day)
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "recipient_id": self._get_recipient(letter, partner),
            "currency_id": letter.currency_id,
            "level_id": level.id,
            "date": day,
            "user_id": level.user_id.id or self._get_salesperson(letter),
            "amount_fee": fee,
            "line_ids": lines,
        }

    @api.model
    def _get_recipient(self, letter, partner):
        """Return the id of who gets the letter: the contact of all invoices, if it is
        one."""
        contacts = {
            one.receivable.contact_id
            for one in letter.reached
            if not one.receivable.is_credit
        }
        if len(contacts) == 1:
            return contacts.pop()
        return partner.address_get(["invoice"])["invoice"]

    @api.model
    def _get_salesperson(self, letter):
        """Return the id of who sold the last of what stands in the letter, or False."""
        sellers = [one.receivable.user_id for one in letter.reached]
        return next((one for one in reversed(sellers) if one), False)

    @api.model
    def _get_claim(self, receivable, company, partner, facts):
        """Return what decides about default of one amount, as a plain value."""
        line = facts["lines"][receivable.line_id]
        return default.Claim(
            due=receivable.last_day,
            delivered_on=line.move_id._get_dunning_delivered_on(),
            reminded_on=facts["reminded"].get(line.id),
            is_consumer=partner._is_dunning_consumer(),
            is_due_agreed=company.dunning_due_is_agreed,
            is_warned=company.dunning_warns_consumers,
        )

    @api.model
    def _prepare_line(self, reached, claim, day, company, facts):
        """Return the values of one ``dunning.notice.line``.

        :param claim: what decides about default, None where nothing is claimed
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
            "days_overdue": 0 if one.is_credit else max((day - one.last_day).days, 0),
            "amount": float(one.amount),
            "amount_paid": float(one.amount - one.amount_open),
            "amount_disputed": float(disputed),
            "amount_open": float(one.amount_open - disputed),
            "interest": 0.0,
            "flat": 0.0,
        }
        if claim and one.line_id not in facts["waived"]:
            terms = facts["terms"][reached.level_id]
            values.update(
                self._prepare_interest(terms, one, claim, day, facts, disputed)
            )
            if terms.has_flat and company._has_dunning_flat():
                values["flat"] = self._get_flat(one, claim, day, facts["flats"])
        return values

    @api.model
    def _prepare_interest(self, terms, one, claim, day, facts, disputed):
        first = default.interest_from(claim)
        if not terms.has_interest or first is None or first > day:
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
    def _get_flat(self, one, claim, day, flats):
        """Return the flat sum of an invoice, once.

        :param flats: by invoice the item with its flat sum; gets the new one
        """
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

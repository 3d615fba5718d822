"""The timesheet report of an invoice: every entry behind its hours."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import float_repr
from odoo.tools.misc import format_date, formatLang

from odoo.addons.monthly_billing.core import kinds
from odoo.addons.volume_discount.core.numbers import ZERO, to_decimal

from ..core.timesheet_report import (
    Share,
    TimeLine,
    build_tickets,
    format_minutes,
    to_number,
)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_timesheet_report(self):
        """Return every timesheet entry behind this invoice or credit note.

        Texts are in the language of the environment, hours and money are numbers with
        the sign that they have on the document. The keys are

        * ``tickets``: in the order of the lines, see
          ``timesheet_report.build_tickets``: what is ``billed`` on a ticket and its
          ``amount`` are the sums of its invoice lines
        * ``other``: lines without hours and rounding, as ``text`` and ``amount``
        * ``notes``: texts about hours that are not on the invoice
        * ``worked``, ``minutes`` (worked), ``billed``, ``amount``: of all tickets
        * ``amount_untaxed``: of the invoice, the ``amount`` and those of ``other``
        * ``has_people``: whether entries name who did the work
        """
        self.ensure_one()
        move = self.sudo()
        time_lines, other, notes = move._get_timesheet_report_lines()
        quantum = Decimal(str(move.currency_id.rounding))
        tickets = build_tickets(time_lines, quantum)
        amount = sum((line.amount for line in time_lines), ZERO)
        rest = sum((Decimal(str(line["amount"])) for line in other), amount)
        rounding = to_decimal(move.amount_untaxed) - rest
        if rounding:
            text = self.env._("Rounding")
            other.append({"text": text, "amount": to_number(rounding)})
        return {
            "tickets": tickets,
            "other": other,
            "notes": notes,
            "worked": to_number(
                sum((Decimal(str(ticket["worked"])) for ticket in tickets), ZERO)
            ),
            "minutes": sum(ticket["minutes"] for ticket in tickets),
            "billed": to_number(sum((line.hours for line in time_lines), ZERO)),
            "amount": to_number(amount),
            "amount_untaxed": move.amount_untaxed,
            "has_people": move._get_fact("report")["person"] != "none",
        }

    def _get_timesheet_report_agreement(self):
        """Return the agreement that says what the customer gets, as superuser."""
        return self.sudo().billing_period_id.agreement_id

    def _prepare_report_facts(self):
        """Return {document: {``is_annexed``, ``person``}}: what was agreed about it."""
        agreements = {move: move._get_timesheet_report_agreement() for move in self}
        return {
            move: {
                "is_annexed": agreement.timesheet_report == "same",
                "person": agreement.timesheet_report_person,
            }
            for move, agreement in agreements.items()
        }

    def _prepare_line_facts(self):
        """Return {document: {line id: [ticket id, number, title]}}."""
        return {
            move: {
                str(line.id): [
                    line.ticket_id.id,
                    line.ticket_id.number or "",
                    line.ticket_id.name or "",
                ]
                for line in move.invoice_line_ids
                if line.ticket_id
            }
            for move in self
        }

    def _prepare_entry_facts(self):
        """Return {document: {timesheet id: [day, person, text]}} of the time behind
        its lines; people are named as it was agreed."""
        allocations = (
            self.env["billing.allocation"]
            .sudo()
            .search_fetch(
                [("move_line_id", "in", self.invoice_line_ids.ids)],
                ["move_line_id", "timesheet_id"],
            )
        )
        allocations.timesheet_id.fetch(["date", "employee_id", "user_id", "name"])
        by_move = allocations.grouped(lambda row: row.move_line_id.move_id)
        return {
            move: {
                str(entry.id): [
                    str(entry.date),
                    agreement._show_person(entry._get_worker()),
                    entry._get_report_text(),
                ]
                for agreement in move._get_timesheet_report_agreement()
                for entry in rows.timesheet_id
            }
            for move, rows in by_move.items()
        }

    def _get_timesheet_report_lines(self):
        """Return the lines of the invoice by what the report does with them.

        :return: ``TimeLine`` of the hours, other lines and notes
        """
        time_lines, other, notes = [], [], []
        tickets, entries = (
            self._get_fact("lines") or {},
            self._get_fact("entries") or {},
        )
        section = subsection = ""
        for line in self.invoice_line_ids.sorted(lambda one: (one.sequence, one.id)):
            if line.display_type == "line_section":
                section, subsection = line.name or "", ""
            elif line.display_type == "line_subsection":
                subsection = line.name or ""
            elif line.display_type != "product":
                if line.billing_kind == kinds.WITHHELD:
                    notes.append(line.name)
            elif line._is_reported_time():
                headings = tuple(text for text in (section, subsection) if text)
                ticket = tickets.get(str(line.id))
                time_lines.append(line._get_reported_time(headings, ticket, entries))
            else:
                text = (line.name or line.product_id.display_name or "").split("\n")[0]
                other.append({"text": text, "amount": line.price_subtotal})
        return time_lines, other, notes

    def _get_timesheet_report_texts(self):
        """Return the words that say why an entry is special, by its kind."""
        return {
            "included": self.env._("included in the retainer"),
            "free": self.env._("free of charge"),
            "typed": (
                self.env._("credited without single entries")
                if self.move_type == "out_refund"
                else self.env._("entered on the invoice")
            ),
            "changed": self.env._("changed on the invoice"),
        }

    def _get_timesheet_report_formats(self):
        """Return how the printed report writes ``minutes``, ``hours``, ``money``,
        ``rates`` and ``day``, by name, in the language of the environment."""
        currency = self.currency_id
        return {
            "minutes": format_minutes,
            "hours": lambda value: formatLang(self.env, value, digits=2),
            "money": lambda value: formatLang(
                self.env, value, digits=currency.decimal_places
            ),
            "rates": self._get_timesheet_report_rates,
            "day": lambda day: format_date(self.env, day) if day else "",
        }

    def _get_timesheet_report_rates(self, rates):
        """Return hours and prices of a ticket: "2.50 h at 105.00 + 1.00 h at 95.00"."""
        hours = defaultdict(float)
        for rate in rates:
            hours[rate["price_unit"], rate["discount"]] += rate["hours"]
        return " + ".join(
            self._get_timesheet_report_rate(
                {"hours": total, "price_unit": price_unit, "discount": discount}
            )
            for (price_unit, discount), total in hours.items()
        )

    def _get_timesheet_report_rate(self, rate):
        """Return hours and their price as the reader multiplies them."""
        hours = formatLang(self.env, rate["hours"], digits=2)
        digits = len(float_repr(rate["price_unit"], 6).rstrip("0").partition(".")[2])
        price = formatLang(
            self.env,
            rate["price_unit"],
            digits=max(digits, self.currency_id.decimal_places),
        )
        if not rate["discount"]:
            return self.env._("%(hours)s h at %(price)s", hours=hours, price=price)
        return self.env._(
            "%(hours)s h at %(price)s less %(discount)s %%",
            hours=hours,
            price=price,
            discount=formatLang(self.env, rate["discount"], digits=2),
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_reported_time(self):
        """Return whether the timesheet report shows the line among the hours."""
        self.ensure_one()
        return self.billing_kind in kinds.WORK or self._is_time()

    def _get_reported_time(self, headings, ticket, entries):
        """Return the line as a plain ``TimeLine``, the time behind it included.

        :param tuple headings: texts of the headings above it
        :param ticket: id, number and title of its ticket, or None
        :param dict entries: see ``_prepare_entry_facts``
        """
        self.ensure_one()
        title, _newline, rest = (self.name or "").partition("\n")
        key, number, ticket_title = ticket or (None, "", "")
        hours = to_decimal(self.quantity) * self._get_hours_per_unit()
        return TimeLine(
            headings=headings,
            job=key or (title if self.billing_kind else f"line {self.id}"),
            number=number,
            title=ticket_title or title,
            month=self.service_month or None,
            hours=to_decimal(hours),
            price_unit=to_decimal(self.price_unit),
            discount=to_decimal(self.discount),
            amount=to_decimal(self.price_subtotal),
            shares=self._get_reported_shares(entries),
            text=self.name if key and not self.billing_kind else rest,
        )

    def _get_reported_shares(self, entries):
        """Return what each timesheet entry has on the line, oldest first.

        :param dict entries: see ``_prepare_entry_facts``
        """
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        found = [
            (*entries[str(row.timesheet_id.id)], row)
            for row in self.sudo().allocation_ids
        ]
        return tuple(
            Share(
                kind=self.billing_kind
                if self.billing_kind in kinds.WORK
                else kinds.TIME,
                worked=sign * to_decimal(row.worked_hours),
                billed=sign * to_decimal(row.billed_hours),
                timesheet_id=row.timesheet_id.id,
                day=fields.Date.to_date(day),
                person=person,
                text=text,
            )
            for day, person, text, row in sorted(
                found, key=lambda one: (one[0], one[3].timesheet_id.id, one[3].id)
            )
        )

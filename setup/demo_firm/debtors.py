"""Customers who pay in time, late or not yet, and the reminders that they got.

They have no agreement: their invoices were written by hand, in the months before the
one that the demo shows, whose sums they leave alone.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo.fields import Command

from .calendar import add_months
from .people import BOOKKEEPER

#: days from the due day to the reminders: those of the usual levels, and some more for
#: a due day that moves to the next working day
REMINDED = (11, 26, 41)


class Debtor(NamedTuple):
    """A customer with one invoice, and how many reminders were sent."""

    key: str
    name: str
    street: str
    zip: str
    city: str
    email: str
    work: str
    amount: float
    reminders: int
    is_company: bool = True


DEBTORS = [
    Debtor(
        "punctual",
        "Bäckerei Morgenrot GmbH",
        "Lindenstraße 12",
        "14467",
        "Potsdam",
        "buero@baeckerei-morgenrot.example",
        "Kassensystem eingerichtet",
        1450.0,
        0,
    ),
    Debtor(
        "late",
        "Autohaus Rennert GmbH",
        "Großbeerenstraße 201",
        "14482",
        "Potsdam",
        "buchhaltung@autohaus-rennert.example",
        "Werkstattrechner ausgetauscht",
        2380.0,
        3,
    ),
    Debtor(
        "disputed",
        "Galerie Halbmond GmbH",
        "Auguststraße 77",
        "10117",
        "Berlin",
        "post@galerie-halbmond.example",
        "Webseite überarbeitet",
        980.0,
        1,
    ),
    Debtor(
        "consumer",
        "Petra Sommer",
        "Am Wiesengrund 4",
        "14542",
        "Werder (Havel)",
        "petra.sommer@familie-sommer.example",
        "Heimnetz eingerichtet",
        340.0,
        3,
        is_company=False,
    ),
    Debtor(
        "promise",
        "Werft Uferlos GmbH",
        "Hafenstraße 3",
        "14774",
        "Brandenburg an der Havel",
        "rechnungen@werft-uferlos.example",
        "Funkstrecke zum Trockendock",
        3120.0,
        2,
    ),
]


def load_debtors(firm) -> None:
    """Make these customers, their invoices, and what became of them."""
    due = add_months(firm.month, -2) + timedelta(days=14)
    invoices = {one.key: _make_invoice(firm, one, due) for one in DEBTORS}
    _pay(firm, invoices["punctual"], due)
    notices = firm.env["dunning.notice"]
    for number, days in enumerate(REMINDED, start=1):
        late = [one.key for one in DEBTORS if one.reminders >= number]
        partners = firm.env["res.partner"].union(
            *(invoices[key].partner_id for key in late)
        )
        day = due + timedelta(days=days)
        sent = notices._remind(day, firm.company, partners).sudo()
        for notice in sent:
            notice._record_sent()
        notices |= sent
    _ask(notices, invoices["disputed"])
    _promise(invoices["promise"], due + timedelta(days=REMINDED[-1]))


def _make_invoice(firm, debtor: Debtor, due: date):
    partner = firm.env["res.partner"].create(
        {
            "name": debtor.name,
            "is_company": debtor.is_company,
            "dunning_debtor": "business" if debtor.is_company else "consumer",
            "street": debtor.street,
            "zip": debtor.zip,
            "city": debtor.city,
            "country_id": firm.env.ref("base.de").id,
            "email": debtor.email,
            "lang": "de_DE",
        }
    )
    line = {
        "name": debtor.work,
        "quantity": 1,
        "price_unit": debtor.amount,
        "tax_ids": [Command.set(firm.company.account_sale_tax_id.ids)],
    }
    invoice = firm.env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": due - timedelta(days=14),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_user_id": firm.users[BOOKKEEPER.login].id,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    invoice.action_post()
    invoice.is_move_sent = True
    return invoice


def _pay(firm, invoice, day: date) -> None:
    """Record that the customer paid on the due day."""
    firm.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({"payment_date": day}).action_create_payments()


def _ask(notices, invoice) -> None:
    """Record that the customer has a question, and that reminders wait for it."""
    notice = notices.filtered(lambda one: one.line_ids.move_id == invoice)
    text = "Die zweite Korrekturschleife war nicht vereinbart. Bitte rufen Sie mich an."
    quiet = notice.with_context(mail_activity_quick_update=True)
    quiet._record_answer("question", text, invoice.partner_id)
    invoice.write(
        {
            "dunning_hold_until": notice.date + timedelta(days=365),
            "dunning_hold_reason": "Rückfrage zur zweiten Korrekturschleife",
        }
    )


def _promise(invoice, day: date) -> None:
    """Record until when the customer has promised to pay."""
    until = day + timedelta(days=365)
    reason = f"Zahlung bis {until:%d.%m.%Y} zugesagt (Telefonat mit Frau Boje)"
    invoice.partner_id.write(
        {"dunning_hold_until": until, "dunning_hold_reason": reason}
    )

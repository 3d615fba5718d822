"""What the firm agreed with its customers: tier tables and billing agreements."""

from odoo.fields import Command

from .calendar import add_months
from .people import MANAGER

NOTE = "Thank you for your trust. If an entry is unclear, please call me."
NOTE_DE = (
    "Vielen Dank für Ihr Vertrauen. Wenn Ihnen ein Posten unklar ist, rufen Sie mich "
    "gern an."
)

GRADUATED = {
    "name": "Support, graduated",
    "mode": "graduated",
    "tiers": [
        {"min_quantity": 10, "price_type": "price", "price_unit": 105},
        {"min_quantity": 20, "price_type": "price", "price_unit": 95},
    ],
}
VOLUME = {
    "name": "Framework contract",
    "mode": "volume",
    "best_price": True,
    "presentation": "summary",
    "tiers": [
        {"min_quantity": 25, "price_type": "discount", "discount": 5},
        {"min_quantity": 50, "price_type": "discount", "discount": 10},
    ],
}
NAMES_DE = {
    "Support, graduated": "Staffel Betreuung",
    "Framework contract": "Rahmenvertrag",
}

#: by customer: tier table, days to pay, further terms
TERMS = {
    "agency": ("graduated", 30, {"auto_post": True}),
    "hotel": (
        "graduated",
        14,
        {
            "auto_post": True,
            "timesheet_report": "same",
            "timesheet_report_person": "none",
        },
    ),
    "machines": (
        "volume",
        30,
        {"auto_post": True, "customer_reference": "4500087213"},
    ),
    "tax": (
        None,
        14,
        {
            "auto_post": True,
            "rounding_scope": "day",
            "rounding_direction": "up",
            "rounding_minutes": 15,
        },
    ),
    "dentist": (None, 14, {"estimate_policy": "withhold", "estimate_tolerance": 0}),
    "town": (
        None,
        30,
        {
            "auto_post": True,
            "minimum_amount": 250,
            "customer_reference": "2.1/0457",
            "timesheet_report": "same",
            "timesheet_report_person": "name",
        },
    ),
}


def make_agreements(firm) -> None:
    """Make the tier tables, and a running agreement with each customer.

    The machine builder's next agreement is being prepared, as a draft.
    """
    tables = {
        "graduated": _make_table(firm, GRADUATED),
        "volume": _make_table(firm, VOLUME),
        None: firm.env["volume.discount"],
    }
    payment = {days: _make_payment_term(firm, days) for days in (14, 30)}
    for key, (table, days, terms) in TERMS.items():
        agreement = _make_agreement(firm, key, tables[table], payment[days], terms)
        agreement.action_activate()
    next_start = add_months(firm.month, 2)
    agreement = _make_agreement(firm, "machines", tables["graduated"], payment[30], {})
    agreement.date_start = agreement.bill_from = next_start


def _make_table(firm, data: dict):
    tiers = [Command.create(tier) for tier in data["tiers"]]
    values = {key: value for key, value in data.items() if key != "tiers"}
    table = firm.env["volume.discount"].create(
        {
            **values,
            "tier_ids": tiers,
            "company_id": firm.company.id,
            "currency_id": firm.company.currency_id.id,
            "product_ids": [Command.set(firm.product.ids)],
        }
    )
    table.with_context(lang="de_DE").name = NAMES_DE[data["name"]]
    return table


def _make_payment_term(firm, days: int):
    line = {"value": "percent", "value_amount": 100, "nb_days": days}
    note = f"Payable within {days} days without deduction."
    note_de = f"Zahlbar innerhalb von {days} Tagen ohne Abzug."
    term = firm.env["account.payment.term"].create(
        {
            "name": f"{days} days net",
            "note": note,
            "company_id": firm.company.id,
            "line_ids": [Command.create(line)],
        }
    )
    term.update_field_translations("name", {"de_DE": f"{days} Tage netto"})
    german = str(term.note).replace(note, note_de)  # Odoo puts a tag around the text
    term.update_field_translations("note", {"de_DE": {str(term.note): german}})
    return term


def _make_agreement(firm, key: str, table, payment_term, terms: dict):
    agreement = firm.env["billing.agreement"].create(
        {
            "partner_id": firm.customers[key].id,
            "company_id": firm.company.id,
            "currency_id": firm.company.currency_id.id,
            "user_id": firm.users[MANAGER].id,
            "product_id": firm.product.id,
            "pricelist_id": firm.pricelist.id,
            "volume_discount_id": table.id,
            "date_start": add_months(firm.month, -2),
            "payment_term_id": payment_term.id,
            "thank_you_note": NOTE,
            **terms,
        }
    )
    agreement.with_context(lang="de_DE").thank_you_note = NOTE_DE
    return agreement

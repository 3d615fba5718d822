"""The company: German chart of accounts, service and rates, people, customers."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from odoo.fields import Command, Datetime

from .agreements import make_agreements
from .calendar import add_months
from .people import (
    BANK,
    BOOKKEEPER,
    CUSTOMERS,
    EMPLOYEES,
    FIRM,
    IBAN,
    MANAGER,
    OTHER_PROJECTS,
    PORTAL_PASSWORD,
    TAX_NUMBER,
)
from .thanks import make_notes

CHART = "de_skr03"
OLD_RATE, RATE = 110, 120

ADDRESS = "<small>{name}<br/>{street}<br/>{zip} {city}</small>".format(**FIRM)
FOOTER = "<small>{}</small>".format(
    "<br/>".join(
        (
            FIRM["phone"],
            FIRM["email"],
            f"Managing director: {EMPLOYEES[0].name}",
            f"Tax number: {TAX_NUMBER}",
        )
    )
)
FOOTER_DE = {"Managing director": "Geschäftsführerin", "Tax number": "Steuernummer"}

TECHNICIAN = [
    "base.group_user",
    "helpdesk_mgmt.group_helpdesk_user_team",
    "hr_timesheet.group_hr_timesheet_user",
]
MANAGES = [
    "base.group_user",
    "helpdesk_mgmt.group_helpdesk_manager",
    "hr_timesheet.group_timesheet_manager",
    "monthly_billing.monthly_billing_group_manager",
    "project.group_project_manager",
]
BILLS = ["base.group_user", "monthly_billing.monthly_billing_group_user"]


@dataclass
class Firm:
    """The firm's records by their key in the tables."""

    env: object
    month: date
    product: object = None
    pricelist: object = None
    users: dict = field(default_factory=dict)
    employees: dict = field(default_factory=dict)
    customers: dict = field(default_factory=dict)
    contacts: dict = field(default_factory=dict)
    projects: dict = field(default_factory=dict)
    other_projects: dict = field(default_factory=dict)
    team: object = None

    def get_project(self, job):
        """Return the project on which time for a job is booked."""
        if job.place != "ticket" and job.customer in self.other_projects:
            return self.other_projects[job.customer]
        return self.projects[job.customer]

    @property
    def company(self):
        """The company that all records belong to."""
        return self.env.company


def load_languages(env) -> None:
    """Make German and English available, for customers and employees.

    British English needs no translations, only its way to write dates.
    """
    languages = env["res.lang"]
    for code in ("en_US", "en_GB"):
        languages._activate_lang(code)
    if not languages._get_data(code="de_DE"):
        german = languages._activate_lang("de_DE")
        wizard = env["base.language.install"]
        wizard.create({"lang_ids": [Command.set(german.ids)]}).lang_install()
    env.ref("base.user_admin").lang = "en_US"


def load_firm(env, month: date) -> Firm:
    """Make the firm in the main company, ready to work for its customers.

    :param month: first day of the last of three months
    """
    firm = Firm(env, month)
    _make_company(firm)
    _make_service(firm)
    _make_users(firm)
    _make_customers(firm)
    _make_projects(firm)
    make_agreements(firm)
    make_notes(env)
    return firm


def _make_company(firm: Firm) -> None:
    env, company = firm.env, firm.company
    company.partner_id.write(
        {
            **FIRM,
            "country_id": env.ref("base.de").id,
            "state_id": env.ref("base.state_de_bb").id,
        }
    )
    company.invalidate_recordset()  # the company's address does not follow by itself
    if company.chart_template != CHART:
        env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    company.write(
        {
            "name": FIRM["name"],
            "l10n_de_stnr": TAX_NUMBER,
            "logo": b64encode(Path(__file__).with_name("logo.png").read_bytes()),
            "primary_color": "#1F4E5F",
            "secondary_color": "#2A7F8E",
            "report_header": False,  # the logo stands there
            "qr_code": True,
            "link_qr_code": True,
            "company_details": ADDRESS,
            "report_footer": FOOTER,
        }
    )
    _translate_footer(company)
    bank = env["res.bank"].create(BANK)
    env["res.partner.bank"].create(
        {
            "acc_number": IBAN,
            "partner_id": company.partner_id.id,
            "bank_id": bank.id,
            "allow_out_payment": True,
        }
    )


def _translate_footer(company) -> None:
    """Say in German what a German company must name on its letters."""
    (term,) = company._fields["report_footer"].get_trans_terms(company.report_footer)
    german = term
    for english, word in FOOTER_DE.items():
        german = german.replace(english, word)
    company.update_field_translations("report_footer", {"de_DE": {term: german}})


def _make_service(firm: Firm) -> None:
    """Make the hour that is sold, dearer from the middle month on."""
    env, company = firm.env, firm.company
    internal = env.ref("base.group_user")
    internal.write(
        {"implied_ids": [Command.link(env.ref("product.group_product_pricelist").id)]}
    )
    firm.product = env["product.product"].create(
        {
            "name": "IT service",
            "default_code": "IT-H",
            "type": "service",
            "uom_id": env.ref("uom.product_uom_hour").id,
            "list_price": RATE,
            "purchase_ok": False,
            "taxes_id": [Command.set(company.account_sale_tax_id.ids)],
        }
    )
    firm.product.with_context(lang="de_DE").name = "IT-Dienstleistung"
    change = add_months(firm.month, -1)
    firm.pricelist = env["product.pricelist"].create(
        {
            "name": "Stundensätze",
            "currency_id": company.currency_id.id,
            "company_id": company.id,
            "item_ids": [
                Command.create(_prepare_rate(firm, OLD_RATE, None, change)),
                Command.create(_prepare_rate(firm, RATE, change, None)),
            ],
        }
    )
    company.ticket_estimate_product_id = firm.product


def _prepare_rate(firm: Firm, price: int, start: date | None, end: date | None) -> dict:
    """Return the values of a rate from `start` up to, but without, `end`."""
    return {
        "applied_on": "0_product_variant",
        "product_id": firm.product.id,
        "compute_price": "fixed",
        "fixed_price": price,
        "date_start": start and Datetime.to_datetime(start),
        "date_end": end and Datetime.to_datetime(end) - timedelta(seconds=1),
    }


def _make_users(firm: Firm) -> None:
    firm.users[BOOKKEEPER.login] = _make_user(firm, BOOKKEEPER, BILLS)
    for person in EMPLOYEES:
        groups = MANAGES if person.login == MANAGER else TECHNICIAN
        user = firm.users[person.login] = _make_user(firm, person, groups)
        firm.employees[person.login] = firm.env["hr.employee"].create(
            {
                "name": person.name,
                "user_id": user.id,
                "company_id": firm.company.id,
                "job_title": person.job,
                "hourly_cost": 42,
            }
        )


def _make_user(firm: Firm, person, groups: list[str]):
    domain = FIRM["email"].partition("@")[2]
    user = firm.env["res.users"].create(
        {
            "name": person.name,
            "login": person.login,
            "password": person.login,
            "email": f"{person.login}@{domain}",
            "phone": FIRM["phone"],
            "lang": "de_DE",
            "tz": FIRM["tz"],
            "notification_type": "inbox",
            "company_id": firm.company.id,
            "company_ids": [Command.set(firm.company.ids)],
            "group_ids": [Command.set([firm.env.ref(name).id for name in groups])],
        }
    )
    user.partner_id.function = person.job
    return user


def _make_customers(firm: Firm) -> None:
    for data in CUSTOMERS:
        partners = firm.env["res.partner"]
        customer = partners.create(_prepare_customer(firm, data))
        if data.invoice_to:
            partners.create(_prepare_invoice_address(customer, data))
        contact = partners.create(
            {
                "name": data.contact,
                "parent_id": customer.id,
                "email": data.login,
                "lang": data.lang,
                "tz": FIRM["tz"],
            }
        )
        customer.estimate_approver_ids = contact
        firm.customers[data.key], firm.contacts[data.key] = customer, contact
        user = firm.env["res.users"].create(
            {
                "partner_id": contact.id,
                "login": data.login,
                "password": PORTAL_PASSWORD,
                "company_id": firm.company.id,
                "company_ids": [Command.set(firm.company.ids)],
                "group_ids": [Command.set([firm.env.ref("base.group_portal").id])],
            }
        )
        # The first login would set the time zone of whatever browser comes.
        firm.env["res.users.log"].with_user(user).sudo().create({})


def _prepare_customer(firm: Firm, data) -> dict:
    return {
        "name": data.name,
        "is_company": True,
        "street": data.street,
        "zip": data.zip,
        "city": data.city,
        "country_id": firm.env.ref("base.de").id,
        "vat": data.vat,
        "ref": data.buyer_reference,
        "email": f"rechnung@{data.domain}",
        "phone": data.phone,
        "website": f"https://www.{data.domain}",
        "lang": data.lang,
        "tz": FIRM["tz"],
        "user_id": firm.users[MANAGER].id,
        "invoice_edi_format": "xrechnung",
        "property_product_pricelist": firm.pricelist.id,
    }


def _prepare_invoice_address(customer, data) -> dict:
    """Return the values of the address that gets a customer's invoices."""
    return {
        "name": data.invoice_to,
        "parent_id": customer.id,
        "type": "invoice",
        "street": data.street,
        "zip": data.zip,
        "city": data.city,
        "country_id": customer.country_id.id,
        "email": f"kreditoren@{data.domain}",
        "lang": data.lang,
    }


def _make_projects(firm: Firm) -> None:
    """Make a project per customer, whose time has its customer without a ticket."""
    for data in CUSTOMERS:
        firm.projects[data.key] = _make_project(firm, data, data.project)
    for customer, name in OTHER_PROJECTS.items():
        data = next(data for data in CUSTOMERS if data.key == customer)
        firm.other_projects[customer] = _make_project(firm, data, name)
    _make_team(firm)


def _make_project(firm: Firm, data, name: str):
    return firm.env["project.project"].create(
        {
            "name": name,
            "partner_id": firm.customers[data.key].id,
            "company_id": firm.company.id,
            "user_id": firm.users[MANAGER].id,
            "allow_timesheets": True,
            "privacy_visibility": "employees",
        }
    )


def _make_team(firm: Firm) -> None:
    """Make the team that works on tickets, which go on from an older number."""
    users = [firm.users[person.login].id for person in EMPLOYEES]
    firm.team = firm.env["helpdesk.ticket.team"].create(
        {
            "name": "Kundenservice",
            "company_id": firm.company.id,
            "user_ids": [Command.set(users)],
            "show_timesheet_portal": True,
        }
    )
    firm.env["ir.sequence"].create(
        {
            "name": "Tickets",
            "code": "helpdesk.ticket.sequence",
            "prefix": "T",
            "padding": 5,
            "number_next": 2318,
            "company_id": firm.company.id,
        }
    )

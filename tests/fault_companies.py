"""More companies of the firm, each with a customer; runs inside Odoo processes."""

from fault_firm import CHART, HOURS, QUIET, Builder, session

from odoo import fields


def build(database: str, names: list[str]) -> None:
    """Make companies with accounts of their own and a customer whose month is due."""
    for name in names:
        with session(database) as env:
            # without the addons that Odoo installs for a country
            companies = env["res.company"].with_context(install_mode=True)
            company = companies.create(
                {"name": name, "country_id": env.ref("base.de").id}
            )
        with session(database) as env:
            company = company.with_env(env)
            env["account.chart.template"].try_loading(
                CHART, company, install_demo=False
            )
            context = {**QUIET, "allowed_company_ids": company.ids}
            _make_customer(Builder(env(context=context)), name)


def _make_customer(builder: Builder, name: str) -> None:
    env, company = builder.env, builder.company
    builder.product = env["product.product"].create(
        {
            "name": f"Support of {name}",
            "type": "service",
            "uom_id": env.ref("uom.product_uom_hour").id,
            "list_price": 100,
            "taxes_id": [fields.Command.set(company.account_sale_tax_id.ids)],
        }
    )
    builder.employee = env["hr.employee"].create(
        {"name": f"Worker of {name}", "company_id": company.id}
    )
    partner = env["res.partner"].create(
        {
            "name": f"Customer of {name}",
            "is_company": True,
            "street": "Gartenweg 5",
            "city": "Stuttgart",
            "country_id": env.ref("base.de").id,
        }
    )
    project = builder.make_project(partner, "Support")
    months = builder.months[2:]
    builder.make_agreement(partner, project, months[0])
    builder.work(project, months, HOURS[0])


def get_invoices(database: str) -> dict:
    """Return number and net amount of the posted invoices of each company."""
    with session(database) as env:
        moves = env["account.move"].search(
            [("billing_period_id", "!=", False), ("state", "=", "posted")]
        )
        return {
            company.name: [len(found), sum(found.mapped("amount_untaxed"))]
            for company, found in moves.grouped("company_id").items()
        }

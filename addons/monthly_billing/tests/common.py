from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.volume_discount.tests.ready_company import GermanCompanyCommon

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)


@freeze_time("2026-11-01 08:00:00")
class MonthlyBillingCommon(GermanCompanyCommon):
    """A German firm on 1 November 2026, with one customer and one agreement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.ticket_overrun_tolerance = 0.0
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.tax_19 = cls.company.account_sale_tax_id
        cls.service = cls.make_service("Support", 120.0)
        cls.partner = cls.make_partner("Zahnarztpraxis Dr. Sommer")
        cls.employee = cls.make_employee("Anna Fischer")
        cls.project = cls.make_project("Support Sommer", cls.partner)
        cls.agreement = cls.make_agreement()
        cls.billing_user = cls.make_user(
            "billing_user", "monthly_billing.monthly_billing_group_user"
        )
        cls.billing_manager = cls.make_user(
            "billing_manager", "monthly_billing.monthly_billing_group_manager"
        )

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("monthly_billing.monthly_billing_group_manager")
            | cls.quick_ref("hr_timesheet.group_timesheet_manager")
            | cls.quick_ref("project.group_project_manager")
            | cls.quick_ref("helpdesk_mgmt.group_helpdesk_manager")
        )

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def make_service(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "uom_id": cls.hour.id,
                "list_price": price,
                "taxes_id": [Command.set(cls.tax_19.ids)],
                **values,
            }
        )

    @classmethod
    def make_partner(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "street": "Gartenweg 5",
                "zip": "70173",
                "city": "Stuttgart",
                "country_id": cls.env.ref("base.de").id,
                "email": "praxis@example.com",
                **values,
            }
        )

    @classmethod
    def make_employee(cls, name, **values):
        return cls.env["hr.employee"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def make_project(cls, name, partner, **values):
        return cls.env["project.project"].create(
            {
                "name": name,
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "allow_timesheets": True,
                **values,
            }
        )

    @classmethod
    def make_agreement(cls, active=True, **values):
        agreement = cls.env["billing.agreement"].create(
            {
                "partner_id": cls.partner.id,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "product_id": cls.service.id,
                "date_start": date(2026, 1, 1),
                **values,
            }
        )
        if active:
            agreement.action_activate()
        return agreement

    @classmethod
    def make_table(cls, *tiers, **values):
        """Make a tier table of (hours, price) pairs."""
        return cls.env["volume.discount"].create(
            {
                "name": "Staffel",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "tier_ids": [
                    Command.create(
                        {
                            "min_quantity": hours,
                            "price_type": "price",
                            "price_unit": price,
                        }
                    )
                    for hours, price in tiers
                ],
                **values,
            }
        )

    @classmethod
    def make_ticket(cls, name, project=None, **values):
        project = project or cls.project
        return cls.env["helpdesk.ticket"].create(
            {
                "name": name,
                "description": name,
                "partner_id": project.partner_id.id,
                "project_id": project.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def book(cls, hours, day, ticket=None, **values):
        """Book ``hours`` on ``day`` ("10-05" is in 2026), on a ticket if given."""
        return cls.env["account.analytic.line"].create(
            {
                "name": "Work",
                "unit_amount": hours,
                "date": f"2026-{day}",
                "employee_id": cls.employee.id,
                "company_id": cls.company.id,
                "project_id": (ticket.project_id if ticket else cls.project).id,
                **({"ticket_id": ticket.id} if ticket else {}),
                **values,
            }
        )

    @classmethod
    def approve_estimate(cls, ticket, hours):
        estimate = cls.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": ticket.id,
                "estimated_hours": hours,
                "price_unit": 120.0,
                "product_id": cls.service.id,
            }
        )
        estimate._mark_sent()
        estimate._approve("Dr. Sommer")
        return estimate

    def bill(self, day=OCTOBER, agreements=None):
        return (agreements or self.agreement)._bill_period(day)

    def get_time_lines(self, invoice):
        """Return (text, hours, rate) of each line of time."""
        return [
            (line.name.split("\n")[0], line.quantity, line.price_unit)
            for line in invoice.invoice_line_ids
            if line.allocation_ids
        ]

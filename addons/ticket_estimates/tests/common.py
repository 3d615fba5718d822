from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user


class TicketEstimatesCommon(TransactionCase):
    """A firm with a helpdesk team, a project, a customer and an hourly service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.tax = cls._create_tax()
        cls.product = cls._create_product()
        cls.company.ticket_estimate_product_id = cls.product
        cls.company.ticket_estimate_validity_days = 30
        cls.project = cls._create_project(name="Support")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Support", "company_id": cls.company.id}
        )
        cls.customer = cls._create_customer(name="Dental Office")
        cls.other_customer = cls._create_customer(name="Machine Builder")
        cls.employee = cls._create_employee(name="Anna")
        cls.ticket = cls._create_ticket()

    @classmethod
    def _create_tax(cls, amount=19.0, **values):
        country = cls.env.ref("base.de")
        company = values.get("company_id", cls.company.id)
        group = cls.env["account.tax.group"].create(
            {"name": "VAT", "company_id": company, "country_id": country.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {amount} {group.id}",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "tax_group_id": group.id,
                "country_id": country.id,
                "company_id": company,
                **values,
            }
        )

    @classmethod
    def _create_product(cls, **values):
        return cls.env["product.product"].create(
            {
                "name": "Service Hour",
                "type": "service",
                "uom_id": cls.hour.id,
                "list_price": 90.0,
                "taxes_id": [Command.set(cls.tax.ids)],
                **values,
            }
        )

    @classmethod
    def _create_project(cls, **values):
        return cls.env["project.project"].create(
            {
                "name": "Project",
                "allow_timesheets": True,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_customer(cls, **values):
        name = values.get("name", "Customer")
        email = f"{name.lower().replace(' ', '.')}@example.com"
        return cls.env["res.partner"].create({"email": email, **values})

    @classmethod
    def _create_employee(cls, **values):
        return cls.env["hr.employee"].create(
            {"name": "Employee", "company_id": cls.company.id, **values}
        )

    @classmethod
    def _create_user(cls, login, *groups, **values):
        return new_test_user(cls.env, login=login, groups=",".join(groups), **values)

    @classmethod
    def _create_ticket(cls, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Login broken",
                "description": "Nobody can log in",
                "partner_id": cls.customer.id,
                "project_id": cls.project.id,
                "team_id": cls.team.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _log_time(cls, hours=1.0, ticket=None, **values):
        return cls.env["account.analytic.line"].create(
            {
                "name": "Work",
                "ticket_id": (cls.ticket if ticket is None else ticket).id,
                "employee_id": cls.employee.id,
                "unit_amount": hours,
                "date": fields.Date.to_date("2026-05-04"),
                **values,
            }
        )

    @classmethod
    def _create_estimate(cls, hours=8.0, ticket=None, state="draft", **values):
        """Return an estimate, brought to ``state`` by the transitions."""
        estimate = cls.env["helpdesk.ticket.estimate"].create(
            {
                "ticket_id": (cls.ticket if ticket is None else ticket).id,
                "estimated_hours": hours,
                **values,
            }
        )
        if state != "draft":
            estimate._mark_sent()
        if state == "approved":
            estimate._approve("Dr. Bauer")
        elif state == "rejected":
            estimate._reject("Too expensive")
        elif state == "expired":
            estimate._expire()
        elif state == "superseded":
            estimate._supersede()
        return estimate

    def _freeze(self, frozen):
        """Make ``frozen`` lines billed, as an addon that bills time would."""
        self.patch(
            self.registry["account.analytic.line"],
            "_is_frozen",
            lambda line: line in frozen,
        )

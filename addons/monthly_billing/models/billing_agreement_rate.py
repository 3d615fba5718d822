from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.rates import Rule


class BillingAgreementRate(models.Model):
    _name = "billing.agreement.rate"
    _description = "Rate of a Billing Agreement"
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        "billing.agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agreement_id.company_id")
    sequence = fields.Integer(
        default=10, help="The first rate whose conditions are all met holds."
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Ticket Category",
        check_company=True,
        ondelete="restrict",
        help="Only time on tickets of this category or one below it. Empty: any time.",
    )
    project_id = fields.Many2one(
        "project.project",
        check_company=True,
        ondelete="restrict",
        help="Only time on this project. Empty: any project.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        ondelete="restrict",
        help="Only time of this employee. Empty: anybody.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Hourly Service",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('type', '=', 'service')]",
        help="The service on the invoice lines: its taxes and account, and its price "
        "at the date of the work, by the agreement's pricelist.",
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    hourly_rate = fields.Monetary(
        compute="_compute_hourly_rate",
        help="Today's rate per hour before volume discount.",
    )

    @api.depends("product_id", "agreement_id.pricelist_id", "agreement_id.currency_id")
    def _compute_hourly_rate(self):
        for rate in self:
            today = rate.agreement_id._get_today()
            rate.hourly_rate = rate.agreement_id._get_list_price(today, rate.product_id)

    @api.constrains("product_id")
    def _check_product_is_time(self):
        for rate in self:
            rate.agreement_id._check_service_is_time(rate.product_id)

    @api.constrains("agreement_id", "category_id", "project_id", "employee_id")
    def _check_has_condition(self):
        for rate in self:
            if not (rate.category_id or rate.project_id or rate.employee_id):
                raise ValidationError(
                    self.env._(
                        "The rate %s has no condition. Choose a ticket category, a "
                        "project or an employee, or change the hourly service of the "
                        "agreement.",
                        rate.product_id.display_name,
                    )
                )

    def _get_rule(self):
        """Return the rate as a plain value."""
        self.ensure_one()
        return Rule(
            self.product_id.id,
            self.category_id.id,
            self.project_id.id,
            self.employee_id.id,
        )

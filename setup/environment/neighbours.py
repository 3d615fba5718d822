"""Addons of Odoo and OCA that touch the models, views and pages that ours touch.

What of them does not work beside ours is a fault of ours.
"""

#: of Odoo, installed by the daily tests; more install themselves where these meet
ODOO = (
    "account_debit_note",
    "account_edi",
    "contacts",
    "crm",
    "hr_holidays",
    "l10n_ch",
    "l10n_de",
    "l10n_din5008",
    "payment_demo",
    "product_email_template",
    "project_purchase",
    "project_timesheet_holidays",
    "sale_timesheet",
    "sale_timesheet_margin",
    "snailmail_account",
)
#: of OCA, installed by the daily tests
OCA = (
    "account_credit_control",
    "fieldservice",
    "helpdesk_mgmt_activity",
    "helpdesk_mgmt_crm",
    "helpdesk_mgmt_fieldservice",
    "helpdesk_mgmt_merge",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_rating",
    "helpdesk_mgmt_sale",
    "helpdesk_mgmt_sale_project",
    "helpdesk_mgmt_sla",
    "helpdesk_portal_priority",
    "helpdesk_product",
    "helpdesk_ticket_close_inactive",
    "helpdesk_ticket_partner_response",
    "helpdesk_ticket_related",
    "helpdesk_type",
    "hr_timesheet_time_control",
)
#: installed by `setup/test --neighbours`
MORE = (
    "account_check_printing",
    "base_address_extended",
    "hr_attendance",
    "hr_expense",
    "hr_timesheet_attendance",
    "l10n_gcc_invoice",
    "l10n_nz",
    "project_hr_expense",
    "queue_job",
)
CLOSE = [*ODOO, *OCA]
ALL = [*CLOSE, *MORE]

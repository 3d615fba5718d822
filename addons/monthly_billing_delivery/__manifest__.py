{
    "name": "Monthly Billing: Delivery",
    "summary": "Invoices are sent on the agreed day, followed up and tried again",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["monthly_billing_document"],
    "data": [
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "views/account_move_views.xml",
        "views/billing_agreement_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "auto_install": True,
}

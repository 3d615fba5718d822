{
    "name": "Invoice Reminders",
    "summary": "Reminders that keep the customer, claims that stand in court",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "AGPL-3",
    "author": "Monthly Billing contributors",
    "depends": ["account", "account_payment", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/invoice_dunning_security.xml",
        "data/dunning.base.rate.csv",
        "data/ir_sequence_data.xml",
        "views/dunning_notice_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "application": True,
}

{
    "name": "Invoice Reminders beside Credit Control",
    "summary": "Nobody is reminded of an invoice by two addons",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["account_credit_control", "invoice_dunning"],
    "auto_install": True,
}

{
    "name": "Monthly Billing: Reminders",
    "summary": "Nobody is reminded of a monthly invoice that did not arrive",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["invoice_dunning", "monthly_billing_cockpit"],
    "auto_install": True,
}

{
    "name": "Monthly Billing beside Sales",
    "summary": "An hour goes to the sales order or to the month, never to both",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["monthly_billing", "sale_timesheet"],
    "auto_install": True,
}

{
    "name": "Monthly Billing by Direct Debit",
    "summary": "Monthly invoices announce what is collected by SEPA direct debit",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["account_banking_sepa_direct_debit", "monthly_billing_payment"],
    "auto_install": True,
}

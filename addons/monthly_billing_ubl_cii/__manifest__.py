{
    "name": "Monthly Billing as E-Invoice",
    "summary": "XRechnung, ZUGFeRD and Peppol with service period, tickets and annex",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["account_edi_ubl_cii", "monthly_billing_cockpit"],
    "data": ["data/cii_templates.xml"],
    "auto_install": True,
}

{
    "name": "Monthly Billing on DIN 5008 Letters",
    "summary": "The head of a monthly invoice as the German letter standard has it",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Localizations",
    "depends": ["l10n_din5008", "monthly_billing_document"],
    "data": ["views/report_invoice.xml"],
    "assets": {
        "web.report_assets_common": [
            "monthly_billing_din5008/static/src/scss/report_invoice.scss",
        ],
    },
    "auto_install": True,
}

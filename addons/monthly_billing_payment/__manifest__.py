{
    "name": "Monthly Billing: Payment",
    "summary": "Every way to pay on the invoice, and online payment asked for once",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": [
        "account_payment",
        "account_qr_code_sepa",
        "monthly_billing_document",
    ],
    "external_dependencies": {"python": ["qrcode", "reportlab"]},
    "data": [
        "views/report_invoice.xml",
        "views/account_portal_payment_templates.xml",
    ],
    "assets": {
        "web.report_assets_common": [
            "monthly_billing_payment/static/src/scss/report_invoice.scss",
        ],
        "web.assets_tests": ["monthly_billing_payment/static/tests/tours/*.js"],
    },
    "auto_install": ["monthly_billing_document"],
}

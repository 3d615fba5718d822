{
    "name": "Monthly Billing: Closing the Month",
    "summary": "What stands in the way of the month, each row with its remedy",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["monthly_billing"],
    "data": [
        "security/ir.model.access.csv",
        "views/billing_cockpit_views.xml",
        "views/billing_cockpit_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "monthly_billing_cockpit/static/src/js/billing_cockpit_refresh.js",
        ],
    },
    "auto_install": True,
}

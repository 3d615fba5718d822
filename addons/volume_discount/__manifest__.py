{
    "name": "Volume Discount",
    "summary": "Tier tables that make hours cheaper from agreed quantities on",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Accounting/Accounting",
    "depends": ["account"],
    "data": [
        "security/ir.model.access.csv",
        "security/volume_discount_security.xml",
        "views/volume_discount_templates.xml",
        "views/volume_discount_views.xml",
        "views/res_partner_views.xml",
    ],
    "demo": ["demo/volume_discount_demo.xml"],
}

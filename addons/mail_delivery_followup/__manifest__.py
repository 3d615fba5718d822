{
    "name": "Mail Delivery Follow-up",
    "summary": "E-mails that matter are followed until the mail server has them",
    "version": "19.0.1.0.0",
    "author": "Monthly Billing contributors",
    "license": "AGPL-3",
    "category": "Productivity/Discuss",
    "depends": ["mail"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/mail_delivery_views.xml",
    ],
}

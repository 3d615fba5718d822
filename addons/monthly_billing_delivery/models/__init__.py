from . import (
    account_move_delivery,
    account_move_files,
    account_move_mail,
    account_move_receipt,
    account_move_send,
    billing_agreement_delivery,
    ir_cron,
    mail_template,
    res_company,
    res_config_settings,
    res_partner,
)

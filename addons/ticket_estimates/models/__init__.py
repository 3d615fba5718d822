from . import (
    account_analytic_line,
    helpdesk_ticket,
    helpdesk_ticket_estimate,
    helpdesk_ticket_estimate_accuracy,
    helpdesk_ticket_estimate_effort,
    helpdesk_ticket_estimate_flow,
    helpdesk_ticket_estimate_price,
    helpdesk_ticket_estimate_report,
    helpdesk_ticket_estimate_template,
    helpdesk_ticket_stage,
    res_company,
    res_config_settings,
)

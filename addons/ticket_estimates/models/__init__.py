from . import (
    account_analytic_line,
    helpdesk_ticket,
    helpdesk_ticket_estimate,
    helpdesk_ticket_estimate_flow,
    helpdesk_ticket_estimate_price,
    res_company,
    res_config_settings,
)

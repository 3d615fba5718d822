from . import (
    account_analytic_line,
    account_analytic_line_consent,
    helpdesk_ticket,
    helpdesk_ticket_consent,
    helpdesk_ticket_estimate,
    helpdesk_ticket_estimate_flow,
    helpdesk_ticket_estimate_price,
    res_company,
    res_company_policy,
    res_config_settings,
    res_config_settings_policy,
    res_partner_policy,
)

from . import (
    account_analytic_line,
    account_move,
    account_move_line,
    billing_agreement,
    billing_agreement_invoice,
    billing_agreement_plan,
    billing_agreement_run,
    billing_agreement_usage,
    billing_allocation,
    billing_period,
    helpdesk_ticket,
    res_partner,
)

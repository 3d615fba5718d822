from . import account_analytic_line
from . import helpdesk_ticket
from . import helpdesk_ticket_estimate
from . import helpdesk_ticket_estimate_flow
from . import helpdesk_ticket_estimate_price
from . import res_company
from . import res_config_settings

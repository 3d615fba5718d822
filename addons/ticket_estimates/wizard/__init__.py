from . import helpdesk_ticket_estimate_approve
from . import helpdesk_ticket_estimate_reject

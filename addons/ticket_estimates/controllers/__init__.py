from . import helpdesk_ticket, mail, portal, timesheet

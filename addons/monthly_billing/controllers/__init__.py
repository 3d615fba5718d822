from . import online_payment, timesheet_report

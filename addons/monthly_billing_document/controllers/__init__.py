from . import timesheet_report

from . import billing_cockpit, billing_cockpit_issue, billing_cockpit_summary

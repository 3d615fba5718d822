from . import (
    test_consent,
    test_estimate_flow,
    test_estimate_guards,
    test_estimate_mail,
    test_estimate_terms,
    test_policies,
    test_roles,
    test_ticket_alerts,
    test_ticket_hours,
    test_ticket_moves,
    test_ticket_time,
    test_views,
)

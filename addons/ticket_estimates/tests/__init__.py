from . import (
    test_estimate_answer,
    test_estimate_flow,
    test_estimate_guards,
    test_estimate_mail,
    test_estimate_portal,
    test_estimate_terms,
    test_roles,
    test_ticket_hours,
    test_ticket_moves,
    test_ticket_time,
    test_views,
)

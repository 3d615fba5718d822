from . import (
    test_core,
    test_followup,
    test_job,
    test_languages,
    test_note,
    test_notices,
    test_portal,
    test_report,
    test_schedule,
    test_security,
    test_send,
)

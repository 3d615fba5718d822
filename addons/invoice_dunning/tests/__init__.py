from . import (
    test_core,
    test_job,
    test_languages,
    test_notices,
    test_portal,
    test_schedule,
    test_security,
    test_send,
)

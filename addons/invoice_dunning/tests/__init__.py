from . import test_core, test_notices, test_schedule, test_send

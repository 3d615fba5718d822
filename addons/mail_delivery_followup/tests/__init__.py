from . import test_answers, test_delivery, test_retry

from . import test_answers
from . import test_delivery
from . import test_retry

from . import (
    test_payment_browser,
    test_payment_documents,
    test_payment_methods,
    test_payment_portal,
    test_payment_windows,
)

from . import (
    test_delivery,
    test_delivery_again,
    test_delivery_broken,
    test_delivery_files,
    test_delivery_plan,
    test_delivery_readers,
    test_mail_language,
    test_migration_receipts,
)

from . import (
    test_access,
    test_assignments,
    test_client,
    test_core,
    test_drift,
    test_failures,
    test_file_import,
    test_files,
    test_locks,
    test_random_life,
    test_sync,
    test_tours,
)

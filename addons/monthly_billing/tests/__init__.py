from . import (
    test_exactly_once,
    test_hours,
    test_ledger,
    test_native_equality,
    test_periods,
    test_plan,
    test_plan_properties,
    test_plan_windows,
    test_queries,
    test_run,
    test_sales,
    test_volume_discount,
)

from . import (
    billing_run,
    billing_run_detail,
    billing_run_line,
    volume_discount_simulation,
)

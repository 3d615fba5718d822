from . import (
    account_move_reversal,
    account_move_reversal_time,
    billing_decision_wizard,
    billing_decision_wizard_line,
    billing_run,
    billing_run_detail,
    billing_run_line,
    billing_thank_you_preview,
    volume_discount_simulation,
)

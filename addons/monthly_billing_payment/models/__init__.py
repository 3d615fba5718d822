from . import (
    account_move_online_payment,
    account_move_open_payment,
    account_move_payment_methods,
    ir_actions_report,
    payment_transaction,
)

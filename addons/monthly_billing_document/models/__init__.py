from . import (
    account_move_document,
    account_move_estimate,
    account_move_posted_facts,
    account_move_send,
    account_move_thank_you,
    account_move_timesheet_file,
    account_move_timesheet_report,
    billing_agreement_document,
    billing_agreement_thank_you,
    billing_thank_you_note,
    ir_actions_report,
    ir_attachment,
)

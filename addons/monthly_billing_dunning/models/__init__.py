from . import account_move, dunning_decision, ir_actions_report

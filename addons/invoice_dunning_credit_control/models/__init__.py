from . import account_move, credit_control_policy, dunning_decision

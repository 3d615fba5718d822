from . import account_move, dunning_decision

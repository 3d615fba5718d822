from . import (
    account_move,
    account_move_line,
    dunning_base_rate,
    dunning_claim,
    dunning_decision,
    dunning_level,
    dunning_notice,
    dunning_notice_line,
    res_company,
    res_config_settings,
    res_partner,
)

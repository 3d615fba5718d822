from . import (
    account_move,
    account_move_line,
    account_move_proof,
    account_move_repricing,
    res_company,
    res_partner,
    uom_uom,
    volume_discount,
    volume_discount_advice,
    volume_discount_billing,
    volume_discount_tier,
)

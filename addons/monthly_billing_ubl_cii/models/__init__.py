from . import (
    account_edi_common,
    account_edi_xml_cii,
    account_edi_xml_ubl_bis3,
    account_edi_xml_ubl_de,
    account_move,
    account_move_check,
    account_move_line,
    account_move_payment_terms,
    account_payment_term,
)

from . import (
    test_invoice_flow,
    test_invoice_pricing,
    test_invoice_window,
    test_partner,
    test_security,
    test_tiers,
    test_tiers_properties,
    test_volume_discount,
    test_volume_discount_form,
    test_volume_discount_rate,
    test_without_odoo,
)

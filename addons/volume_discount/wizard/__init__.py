from . import (
    volume_discount_simulation,
    volume_discount_simulation_draft,
    volume_discount_simulation_line,
    volume_discount_simulation_taxes,
    volume_discount_simulation_tier,
)

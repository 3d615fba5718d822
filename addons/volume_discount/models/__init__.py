from . import res_partner, volume_discount, volume_discount_tier

from odoo.addons.volume_discount.core.calendar import *  # noqa: F403

from .core.months import *  # noqa: F403

from odoo.addons.volume_discount.core.numbers import *  # noqa: F403
from odoo.addons.volume_discount.core.numbers import share as apportion  # noqa: F401

from .core.entries import *  # noqa: F403
from .core.rounding import *  # noqa: F403

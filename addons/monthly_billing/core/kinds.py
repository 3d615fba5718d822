"""What a line of a monthly invoice is: the words for it, and the sets of them.

The words for what tiers do are those of ``volume_discount.core.kinds``.
"""

from ...volume_discount.core.kinds import AMOUNTS as AMOUNTS
from ...volume_discount.core.kinds import BEST_PRICE as BEST_PRICE
from ...volume_discount.core.kinds import CORRECTIONS as CORRECTIONS
from ...volume_discount.core.kinds import DIFFERENCE as DIFFERENCE
from ...volume_discount.core.kinds import DISCOUNT as DISCOUNT
from ...volume_discount.core.kinds import SECTION as SECTION
from ...volume_discount.core.kinds import TIME as TIME

#: the fixed amount of a month
RETAINER = "retainer"
#: hours that the retainer pays for
INCLUDED = "included"
#: hours that the invoice shows at no charge
FREE = "free"
#: a note that names withheld hours
WITHHELD = "withheld"
#: what the tiers save on hours typed by hand
TYPED = "typed"

#: hours from timesheets, in their order on the invoice
WORK = (INCLUDED, TIME, FREE)
#: hours without a price, which tiers do not count
UNPRICED = (INCLUDED, FREE)
#: hours that tiers price, of the run or typed by hand
PRICED = (TIME, TYPED)
#: what is asked for hours, and for what tiers make of them
CHARGED = (TIME, *AMOUNTS)
#: lines that a plan does not price by the hour
UNTIERED = (RETAINER, *UNPRICED)
#: lines that no run wrote
BY_HAND = (False, TYPED)
#: lines that a plan has
PLANNED = (RETAINER, *WORK, *AMOUNTS)
#: all there are
ALL = (SECTION, *PLANNED, WITHHELD, TYPED)

"""What a line is to the tiers: the words for it, and the sets that rules ask for."""

#: hours at a price
TIME = "time"
#: what the tiers save, in the presentation ``summary``
DISCOUNT = "discount"
#: the difference to the cheapest later tier's start
BEST_PRICE = "best_price"
#: what hours billed before cost more or less at the tier that is reached now
DIFFERENCE = "difference"
#: a heading above amounts
SECTION = "section"

#: what no hour of the invoice explains
CORRECTIONS = (BEST_PRICE, DIFFERENCE)
#: amounts that stand for no hours of their own
AMOUNTS = (DISCOUNT, *CORRECTIONS)
#: what the invoice has without the tiers: lines that they do not concern, and hours
KEPT = (False, TIME)

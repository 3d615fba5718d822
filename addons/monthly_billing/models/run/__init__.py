from . import (
    collect,
    collect_withheld,
    past,
    plan,
    price,
    price_retainer,
    write,
    write_text,
)

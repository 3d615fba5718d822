from . import collect, past, plan, price

from . import collect

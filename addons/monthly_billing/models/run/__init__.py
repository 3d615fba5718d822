from . import collect, past

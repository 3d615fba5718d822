"""What keeps an answer of mite, or a file, from being used."""

#: kinds that the next try may not meet
PASSING = frozenset({"network", "busy", "server", "partial"})


class MiteError(Exception):
    """An answer of mite cannot be used.

    :param kind: what people are told about, one of ``unauthorized``, ``forbidden``,
        ``not_found``, ``locked``, ``busy``, ``server``, ``network``, ``partial``,
        ``changed``, ``redirect``, ``too_big``, ``refused``, ``role``
    :param detail: for the log: a path and a status, never a key
    :param wait: seconds after which mite may be asked again, if it said so
    """

    def __init__(self, kind, detail="", wait=None):
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail
        self.wait = wait

    @property
    def is_passing(self):
        """Return whether the same may work later without anybody's help."""
        return self.kind in PASSING


class FileError(Exception):
    """A file cannot be read at all.

    :param kind: ``too_big``, ``format``, ``encoding``, ``empty``, ``dates``,
        ``columns``
    :param detail: names of what is missing, or a number
    """

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail

from werkzeug.exceptions import BadRequest, NotFound

from odoo import models
from odoo.http import request

# The largest id PostgreSQL has.
MAX_ID = 2**31 - 1
# Far more than any address of a page has.
MAX_ARGUMENT = 4_000
MAX_FIELD = 2_000_000
MAX_FILE_NAME = 255


class IrHttp(models.AbstractModel):
    """What no page can mean is refused before a page has to deal with it."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Conversations are shown in the portal: their words in the visitor's language,
        too."""
        names = super()._get_translation_frontend_modules_name()
        return [*names, "mail", "portal", "ticket_estimates"]

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if request.httprequest.path.startswith(cls._get_guarded_paths()):
            cls._check_input(args)
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _serve_fallback(cls):
        """An address that no page has and the database cannot even look for."""
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _get_guarded_paths(cls):
        """Return what the addresses of guarded pages begin with.

        Extension point: an addon with pages elsewhere adds to them.
        """
        return ("/my/", "/new/ticket", "/submitted/ticket", "/ticket/")

    @classmethod
    def _check_input(cls, args):
        """Raise for numbers that are no ids, for NUL bytes and texts without end.

        :param dict args: what the address of the page says
        """
        if any(isinstance(one, int) and one > MAX_ID for one in args.values()):
            raise NotFound()
        sent = request.httprequest
        names = [file.filename or "" for _key, file in sent.files.items(multi=True)]
        for texts, limit in (
            (args.values(), MAX_ARGUMENT),
            ([text for _key, text in sent.args.items(multi=True)], MAX_ARGUMENT),
            ([text for _key, text in sent.form.items(multi=True)], MAX_FIELD),
            (names, MAX_FILE_NAME),
        ):
            for text in texts:
                if isinstance(text, str) and ("\x00" in text or len(text) > limit):
                    raise BadRequest()

from base64 import b64decode

from odoo import models

from ..pictures import is_too_large


class IrAttachment(models.Model):
    """A small file may be a picture of gigabytes: it stays a file, as it came."""

    _inherit = "ir.attachment"

    def _postprocess_contents(self, values):
        content = values.get("raw") or values.get("datas") or b""
        if values.get("datas") and not values.get("raw"):
            content = b64decode(content)
        if isinstance(content, bytes) and is_too_large(content):
            values["mimetype"] = self._compute_mimetype(values)
            return values
        return super()._postprocess_contents(values)

from . import mail_delivery_mixin, mail_delivery_outcome

# isort: split
# what inherits the mixin comes after it
from . import mail_delivery, mail_delivery_document, mail_mail, mail_thread

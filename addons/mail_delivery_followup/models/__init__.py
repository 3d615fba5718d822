from . import mail_delivery_mixin
from . import mail_delivery_outcome
from . import mail_delivery
from . import mail_delivery_document
from . import mail_mail
from . import mail_thread

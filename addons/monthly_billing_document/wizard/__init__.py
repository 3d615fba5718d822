from . import billing_thank_you_preview

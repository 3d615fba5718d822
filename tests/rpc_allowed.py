"""What outsiders may call, and why. Whoever adds a public method decides here."""

#: methods that answer about the model, never about a record
ABOUT_THE_MODEL = {}
#: (role, model, method): why
ALLOWED = {}

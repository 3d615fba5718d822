"""What outsiders may call, and why. Whoever adds a public method decides here."""

#: methods that say how a model is made and nothing of a record, whoever asks; an answer
#: with a word of a customer or a token fails all the same
ABOUT_THE_MODEL = {
    "check_field_access_rights": "names of fields",
    "default_get": "what a new record starts with",
    "fields_get": "fields and their labels",
    "get_base_url": "the address of this server",
    "get_empty_list_help": "a text for empty lists",
    "get_external_id": "names of data files, empty for what people enter",
    "get_field_translations": "kind of a field's translation",
    "get_view": "a form without values",
    "get_views": "forms without values",
    "load": "how many rows were read: none were given",
    "mail_allowed_qweb_expressions": "what templates may hold, for all the same",
    "mail_get_partner_fields": "names of fields",
}
#: Odoo's ways to read what one may read
READS = {
    "copy_data",
    "export_data",
    "filtered_domain",
    "formatted_read_group",
    "get_metadata",
    "name_search",
    "read",
    "read_group",
    "search",
    "search_count",
    "search_fetch",
    "search_read",
    "web_name_search",
    "web_read",
    "web_read_group",
    "web_search_read",
}
#: (role, model): why the role may read records of the model with READS; * is everybody
READABLE = {
    ("customer", "helpdesk.ticket"): "one's own tickets",
    ("*", "helpdesk.ticket.category"): "offered in the form for new tickets",
    ("*", "helpdesk.ticket.stage"): "the names of stages stand on the portal's pages",
}
#: (role, model, method): why it may answer, or write
ALLOWED = {
    ("*", "helpdesk.ticket", "get_portal_url"): "an address without token",
    ("customer", "account.move", "get_portal_url"): "the page of one's own invoice",
    ("customer", "helpdesk.ticket", "get_portal_url"): "the page of one's own ticket",
    (
        "customer",
        "helpdesk.ticket",
        "message_post",
    ): "a question about one's own ticket",
    ("*", "helpdesk.ticket.team", "retrieve_dashboard"): "numbers of one's own tickets",
}


def find_reason(role, model, method):
    """Return why a role may have an answer of a method, or None."""
    for who in (role, "*"):
        if reason := ALLOWED.get((who, model, method)):
            return reason
        if method in READS and (reason := READABLE.get((who, model))):
            return reason
    return ABOUT_THE_MODEL.get(method)

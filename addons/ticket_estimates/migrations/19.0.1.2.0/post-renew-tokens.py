from odoo.tools import SQL

from odoo.addons.ticket_estimates.links import without_secrets

MODELS = ("helpdesk.ticket", "helpdesk.ticket.estimate")


def migrate(cr, version):
    """The links to tickets that anybody may have got open nothing any more, and no
    stored message of a ticket or an estimate keeps what opens its page."""
    cr.execute("UPDATE helpdesk_ticket SET access_token = NULL")
    drop_secrets(cr, "mail_message", "body", SQL("content.model IN %s", MODELS))
    messages = SQL("SELECT id FROM mail_message WHERE model IN %s", MODELS)
    drop_secrets(
        cr, "mail_mail", "body_html", SQL("content.mail_message_id IN (%s)", messages)
    )


def drop_secrets(cr, table, column, condition):
    """Write the texts anew that hold a secret."""
    table, column = SQL.identifier(table), SQL.identifier(column)
    cr.execute(
        SQL(
            """SELECT content.id, content.%(column)s FROM %(table)s content
                WHERE %(condition)s
                  AND content.%(column)s ~ '(access_token|/my/ticket/[0-9]+/)'""",
            column=column,
            table=table,
            condition=condition,
        )
    )
    for row, text in cr.fetchall():
        cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                table,
                column,
                without_secrets(text),
                row,
            )
        )

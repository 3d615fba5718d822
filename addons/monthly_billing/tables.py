"""Rows that Python knows, as a table of the database."""

from odoo.tools import SQL


def as_table(rows, columns):
    """Return a query whose result are ``rows``.

    :param rows: list of dicts; what a row does not name is NULL
    :param columns: dict of column name to PostgreSQL type
    """
    arrays = [
        SQL(f"%s::{kind}[]", [row.get(name) for row in rows])
        for name, kind in columns.items()
    ]
    return SQL(
        "SELECT * FROM unnest(%s) AS row(%s)",
        SQL(", ").join(arrays),
        SQL(", ").join(SQL.identifier(name) for name in columns),
    )

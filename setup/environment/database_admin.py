"""Copies, renames, drops and names databases: `database_admin.py ACTION NAME...`.

Runs in the environment's Python, with the connection in the PG* variables.
"""

import sys
from contextlib import closing

import psycopg2
from psycopg2 import sql


def connect():
    """A connection that works outside transactions, as CREATE DATABASE needs."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    return connection


def names(cursor, prefix: str) -> None:
    """Print the databases whose name starts with `prefix`."""
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
    cursor.execute(query, [prefix])
    for (name,) in cursor.fetchall():
        print(name)


def copy(cursor, source: str, target: str) -> None:
    """Make `target` from `source`, which nobody may be using."""
    disconnect(cursor, source)
    _run(cursor, "CREATE DATABASE {} TEMPLATE {}", target, source)


def rename(cursor, source: str, target: str) -> None:
    """Give a database another name, whole or not at all."""
    disconnect(cursor, source)
    _run(cursor, "ALTER DATABASE {} RENAME TO {}", source, target)


def drop(cursor, name: str) -> None:
    """Remove a database if it is there, whoever uses it."""
    disconnect(cursor, name)
    _run(cursor, "DROP DATABASE IF EXISTS {}", name)


def disconnect(cursor, name: str) -> None:
    """End all connections to a database; the server's own work it ends by itself."""
    query = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = %s AND backend_type = 'client backend'
    """
    cursor.execute(query, [name])


def _run(cursor, statement: str, *identifiers: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, identifiers)))


if __name__ == "__main__":
    action = {"names": names, "copy": copy, "rename": rename, "drop": drop}[sys.argv[1]]
    with closing(connect()) as connection, connection.cursor() as cursor:
        action(cursor, *sys.argv[2:])

"""Ends with an error unless the server named by PG* variables can serve Odoo."""

import sys

import psycopg2

MINIMUM = 130000

try:
    connection = psycopg2.connect(dbname="postgres")
except psycopg2.OperationalError as error:
    sys.exit(str(error).strip())
with connection, connection.cursor() as cursor:
    cursor.execute(
        "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles"
        " WHERE rolname = current_user"
    )
    user, may_create = cursor.fetchone()
if user == "postgres":
    sys.exit("Odoo refuses the role postgres: name another in PGUSER")
if not may_create:
    sys.exit(f"role {user} may not create databases: ALTER ROLE {user} CREATEDB")
if connection.server_version < MINIMUM:
    sys.exit("Odoo 19 needs PostgreSQL 13 or newer")

"""Time of mite and of files as plain values: no Odoo."""

import sys

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class CheckLedger(Command):
    """Prove that every hour of a database is billed at most once, and that invoices
    and ledger agree. Names every deviation; the exit status is 1 if there is one.
    Writes nothing."""

    name = "check_ledger"

    def run(self, arguments):
        """Check the database that ``--database`` or the configuration names."""
        self.parser.add_argument("-c", "--config", help="use this configuration file")
        self.parser.add_argument("-d", "--database", help="check this database")
        options = self.parser.parse_args(arguments)
        command_line = ["--no-http", "--log-level=warn"]
        if options.config:
            command_line += ["-c", options.config]
        if options.database:
            command_line += ["-d", options.database]
        config.parse_config(command_line, setup_logging=True)
        if len(config["db_name"] or ()) != 1:
            self.parser.error("name one database with -d")
        sys.exit(self._check(config["db_name"][0]))

    def _check(self, database):
        with Registry(database).cursor() as cursor:
            env = Environment(cursor, SUPERUSER_ID, {})
            if "billing.allocation" not in env:
                sys.stderr.write(f"monthly_billing is not installed in {database}\n")
                return 2
            deviations = env["billing.allocation"]._find_deviations()
            opened = env["billing.allocation"]._get_open_differences()
            rows = env["billing.allocation"].search_count([])
        for deviation in deviations:
            sys.stdout.write(f"{deviation.text}\n")
        for difference in opened:
            sys.stdout.write(f"open until the next invoice: {difference.text}\n")
        sys.stdout.write(
            f"{database}: {rows} rows of billed time, {len(deviations)} deviations\n"
        )
        return int(bool(deviations))

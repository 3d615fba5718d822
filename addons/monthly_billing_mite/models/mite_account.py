import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.client import MiteClient
from ..core.errors import MiteError
from ..core.records import unwrap

MANAGERS = "monthly_billing.monthly_billing_group_manager"
CRON = "monthly_billing_mite.mite_account_cron_synchronise"
SOURCES = [("api", "mite, every night"), ("file", "Files")]
STATES = [("draft", "Not started"), ("running", "Running"), ("stopped", "Stopped")]
PROBLEMS = [
    ("unauthorized", "Key refused"),
    ("forbidden", "Not allowed"),
    ("not_found", "No such account"),
    ("locked", "Locked in mite"),
    ("busy", "Too many requests"),
    ("server", "mite has an error"),
    ("network", "mite does not answer"),
    ("partial", "Half an answer"),
    ("changed", "Answer of another shape"),
    ("redirect", "Led elsewhere"),
    ("too_big", "Answer too big"),
    ("refused", "Request refused"),
    ("role", "Key of a time tracker"),
    ("internal", "Error in Odoo"),
]
#: roles of mite whose keys see the time of everybody
ROLES = ("owner", "admin", "coworker")


class MiteAccount(models.Model):
    """A source of time outside: an account of mite, or the files of a tracker."""

    _name = "mite.account"
    _description = "Source of Time"
    _order = "name, id"
    _inherit = ["mail.thread"]

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    source = fields.Selection(SOURCES, required=True, default="api")
    subdomain = fields.Char(
        string="Account", help="The first part of the address: “firm” of firm.mite.de."
    )
    api_key = fields.Char(
        string="API Key",
        groups="base.group_system",
        copy=False,
        help="Of an administrator or co-worker. In mite: my user > API access.",
    )
    has_key = fields.Boolean(compute="_compute_has_key", compute_sudo=True)
    date_from = fields.Date(
        string="Import From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Time of earlier days never comes.",
    )
    reads_numbers = fields.Boolean(
        string="Ticket Numbers in Notes",
        default=True,
        help="#1042 or T02349 in a note books the time on that ticket, if it is one of "
        "the same customer.",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Team of Collecting Tickets",
        check_company=True,
    )
    lock_billed = fields.Boolean(
        string="Lock Billed Time in mite",
        help="Entries on a posted invoice are locked in mite, and opened again when "
        "the invoice is cancelled or credited.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False
    )
    problem = fields.Selection(PROBLEMS, readonly=True, copy=False, tracking=True)
    problem_text = fields.Text(string="What to Do", compute="_compute_problem_text")
    failures = fields.Integer(readonly=True, copy=False)
    next_sync = fields.Datetime(string="Next Run", readonly=True, copy=False)
    last_success = fields.Datetime(
        string="Last Complete Run", readonly=True, copy=False
    )
    changes_link = fields.Char(readonly=True, copy=False, groups="base.group_system")
    window_link = fields.Char(readonly=True, copy=False, groups="base.group_system")
    window_next = fields.Date(string="Next Month to Read", readonly=True, copy=False)
    run_ids = fields.One2many("mite.run", "account_id", readonly=True)
    last_run_id = fields.Many2one("mite.run", compute="_compute_last_run_id")
    open_link_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    drift_count = fields.Integer(compute="_compute_counts")
    difference_count = fields.Integer(compute="_compute_counts")

    _check_company_auto = True
    _subdomain_once = models.UniqueIndex(
        "(subdomain, company_id) WHERE source = 'api' AND active",
        "The company imports this account already.",
    )

    @api.depends("api_key")
    def _compute_has_key(self):
        for account in self:
            account.has_key = bool(account.api_key)

    @api.depends("problem")
    def _compute_problem_text(self):
        for account in self:
            account.problem_text = self._get_problem_text(account.problem)

    def _compute_last_run_id(self):
        for account in self:
            account.last_run_id = self.env["mite.run"].search(
                [("account_id", "=", account.id)], limit=1
            )

    def _compute_counts(self):
        counted = {
            "open_link_count": (
                "mite.link",
                [("state", "in", ("unknown", "proposed"))],
            ),
            "waiting_count": ("mite.entry", [("state", "=", "waiting")]),
            "drift_count": ("mite.drift", [("state", "=", "open")]),
            "difference_count": ("mite.difference", [("is_latest", "=", True)]),
        }
        for name, (model, domain) in counted.items():
            rows = self.env[model]._read_group(
                [("account_id", "in", self.ids), *domain], ["account_id"], ["__count"]
            )
            counts = {account.id: count for account, count in rows}
            for account in self:
                account[name] = counts.get(account.id, 0)

    @api.constrains("source", "subdomain")
    def _check_subdomain(self):
        for account in self.filtered(lambda one: one.source == "api"):
            if not re.fullmatch(
                r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", account.subdomain or ""
            ):
                raise ValidationError(
                    self.env._(
                        "Enter the first part of the address in mite alone, for "
                        "instance “firm” if you see firm.mite.de."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_subdomain(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._clean_subdomain(vals)
        if "subdomain" in vals or "date_from" in vals:
            moved = self.filtered(
                lambda one: (
                    vals.get("subdomain", one.subdomain) != one.subdomain
                    or fields.Date.to_date(vals.get("date_from", one.date_from))
                    != one.date_from
                )
            )
            moved._read_everything_again()
        return super().write(vals)

    @api.model
    def _clean_subdomain(self, vals):
        """Take the account out of whatever part of the address was entered."""
        if text := vals.get("subdomain"):
            text = re.sub(r"^https?://", "", text.strip().casefold())
            vals["subdomain"] = re.sub(r"(\.mite\.(de|yo\.lk))?/?$", "", text)

    def _read_everything_again(self):
        """The next run reads month by month."""
        self.sudo().write(
            {"changes_link": False, "window_link": False, "window_next": False}
        )

    def _check_can_import(self):
        """Raise unless the user decides about imported time, and sees these accounts.

        :raise AccessError: also for accounts of another company
        """
        if not (self.env.su or self.env.user.has_group(MANAGERS)):
            raise AccessError(
                self.env._("Only billing managers decide about imported time.")
            )
        self.check_access("read")

    @api.model
    def _get_problem_text(self, problem):
        """Return what a kind of problem means and who can do what, as a sentence."""
        again = self.env._("Nothing is lost; the next try comes by itself.")
        texts = {
            "unauthorized": self.env._(
                "mite does not accept the key. Switch on API access in the profile of "
                "its user in mite, and let a system administrator enter the key again."
            ),
            "forbidden": self.env._(
                "mite refuses what the key asks for. Use the key of an administrator "
                "or co-worker."
            ),
            "not_found": self.env._(
                "mite has no such account. Check the first part of the address."
            ),
            "locked": self.env._("The entry is locked in mite."),
            "busy": self.env._("mite asks for fewer requests.") + " " + again,
            "server": self.env._("mite reports an error of its own.") + " " + again,
            "network": self.env._("mite does not answer.") + " " + again,
            "partial": self.env._("An answer of mite broke off.") + " " + again,
            "changed": self.env._(
                "mite answers in a way that this addon does not know. No half month "
                "was taken. An update of the addon may be needed."
            ),
            "redirect": self.env._(
                "mite sends us to another address. No other address is asked. Check "
                "the account."
            ),
            "too_big": self.env._("An answer of mite is too big to be read."),
            "refused": self.env._("mite refuses the request."),
            "role": self.env._(
                "The key belongs to a time tracker, who sees a part of the time only. "
                "Use the key of an administrator or co-worker."
            ),
            "internal": self.env._(
                "Odoo stopped at an error; the log of the server names it."
            )
            + " "
            + again,
        }
        return texts.get(problem, False)

    def _get_base_url(self):
        """Return the address of the account.

        Extension point: tests have mite on this machine.
        """
        self.ensure_one()
        return f"https://{self.subdomain}.mite.de"

    def _get_client(self):
        """Return what speaks with mite for this account.

        :raise MiteError: ``unauthorized`` without a key
        """
        self.ensure_one()
        key = (self.sudo().api_key or "").strip()
        if not key or not key.isascii() or not key.isprintable():
            raise MiteError("unauthorized", "no key")
        return MiteClient(self._get_base_url(), key)

    def _check_role(self, client):
        """Raise if the key sees a part of the time only.

        :raise MiteError: ``role``
        """
        user = unwrap(client.get("/myself.json").data, "user")
        if user.get("role") not in ROLES:
            raise MiteError("role", str(user.get("role"))[:50])

    def _wake(self):
        """Let the job look at waiting time soon."""
        self.env.ref(CRON).sudo()._trigger()

    def action_test(self):
        """Say whether mite can be read with the key."""
        self.ensure_one()
        self._check_can_import()
        try:
            client = self._get_client()
            self._check_role(client)
            client.get("/time_entries.json", limit=1)
        except MiteError as error:
            raise UserError(self._get_problem_text(error.kind)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("mite can be read with this key."),
            },
        }

    def action_preview(self):
        """Show what will come, before anything is written."""
        self.ensure_one()
        self._check_can_import()
        preview = self.env["mite.preview"].create({"account_id": self.id})
        preview._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Will Come"),
            "res_model": "mite.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_start(self):
        """Import from now on, every night; the first run begins at once."""
        self._check_can_import()
        if self.filtered(lambda one: one.source == "api" and not one.has_key):
            raise UserError(
                self.env._("Let a system administrator enter the key of mite first.")
            )
        self.sudo().write({"state": "running", "next_sync": fields.Datetime.now()})
        self._wake()
        return True

    def action_stop(self):
        """Import nothing more; what has come stays."""
        self._check_can_import()
        self.write({"state": "stopped"})
        return True

    def action_synchronise(self):
        """Let the job read mite now."""
        return self.action_start()

    def action_read_everything(self):
        """Compare every month with mite again."""
        self._check_can_import()
        self._read_everything_again()
        return self.action_start()

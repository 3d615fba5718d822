from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core.names import propose

KINDS = [
    ("customer", "Customer"),
    ("project", "Project"),
    ("service", "Service"),
    ("user", "Person"),
]
STATES = [
    ("unknown", "Unknown"),
    ("proposed", "Proposed"),
    ("decided", "Decided"),
    ("left_out", "Left out"),
]
TICKETS = [
    ("month", "A collecting ticket per month"),
    ("ticket", "One ticket"),
    ("none", "No ticket"),
]
TARGETS = ("partner_id", "project_id", "ticket_id", "employee_id", "category_id")


class MiteLink(models.Model):
    """What a customer, project, service or user of mite is here.

    It is known by its id: names may change. A person decides, once.
    """

    _name = "mite.link"
    _description = "Assignment of mite"
    _order = "kind, name, id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "mite.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    external_id = fields.Char(string="Number in mite", required=True, readonly=True)
    name = fields.Char(string="Name in mite", required=True, readonly=True)
    email = fields.Char(readonly=True)
    archived = fields.Boolean(string="Archived in mite", readonly=True)
    is_deleted = fields.Boolean(string="Deleted in mite", readonly=True)
    parent_key = fields.Char(readonly=True)
    parent_id = fields.Many2one(
        "mite.link", string="Customer in mite", compute="_compute_parent_id"
    )
    state = fields.Selection(STATES, required=True, default="unknown", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", check_company=True, ondelete="restrict"
    )
    project_id = fields.Many2one(
        "project.project",
        check_company=True,
        ondelete="restrict",
        domain="[('allow_timesheets', '=', True)]",
        help="Where the time is booked. Of a customer: its time without a project, or "
        "of projects that name none.",
    )
    ticket_mode = fields.Selection(
        TICKETS,
        string="Ticket",
        default="month",
        required=True,
        help="Unless the note has the number of a ticket of the customer.",
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="One Ticket", check_company=True, ondelete="restrict"
    )
    employee_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        ondelete="restrict",
        context={"active_test": False},
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Ticket Category",
        check_company=True,
        ondelete="restrict",
        help="Collecting tickets for this service have the category: a rate of the "
        "agreement for it gives their price. Empty: the usual rate.",
    )
    was_proposed = fields.Boolean(readonly=True, copy=False)
    waiting_count = fields.Integer(compute="_compute_waiting_count")

    _one_per_account = models.UniqueIndex(
        "(account_id, kind, external_id)", "It is assigned already."
    )

    @api.depends("parent_key")
    def _compute_parent_id(self):
        for link in self:
            link.parent_id = link.parent_key and self.search(
                [
                    ("account_id", "=", link.account_id.id),
                    ("kind", "=", "customer"),
                    ("external_id", "=", link.parent_key),
                ]
            )

    def _compute_waiting_count(self):
        entries = self.env["mite.entry"]
        for kind, links in self.grouped("kind").items():
            name = f"{kind}_link_id"
            rows = entries._read_group(
                [(name, "in", links.ids), ("state", "=", "waiting")],
                [name],
                ["__count"],
            )
            counts = {link.id: count for link, count in rows}
            for link in links:
                link.waiting_count = counts.get(link.id, 0)

    @api.constrains("kind", "ticket_mode", "ticket_id")
    def _check_ticket(self):
        for link in self:
            if (
                link.ticket_mode == "ticket"
                and link.state == "decided"
                and link.kind in ("customer", "project")
                and not link.ticket_id
            ):
                raise ValidationError(
                    self.env._("Choose the ticket for the time of %s.", link.name)
                )

    def write(self, vals):
        """Whoever chooses what something of mite is here decides it."""
        if "state" not in vals and {*TARGETS, "ticket_mode"} & vals.keys():
            self.env["mite.account"]._check_can_import()
            chosen = any(vals.get(name) for name in TARGETS)
            states = {link: "decided" if chosen else link.state for link in self}
            result = super().write(vals)
            for state, links in self._group_by_new_state(states).items():
                links._decide(state)
            return result
        return super().write(vals)

    def _group_by_new_state(self, states):
        groups = {}
        for link, state in states.items():
            if not link._has_target() and state != "left_out":
                state = "decided" if link.kind == "service" else "unknown"
            groups[state] = groups.get(state, self.browse()) | link
        return groups

    def _has_target(self):
        """Return whether it is said what this is here."""
        self.ensure_one()
        if self.kind == "customer":
            return bool(self.partner_id)
        if self.kind == "user":
            return bool(self.employee_id)
        if self.kind == "project":
            parent = self.sudo().parent_id
            return bool(self.project_id or self.ticket_id or parent.project_id)
        return True

    def _decide(self, state):
        """Remember the decision; time that waited for it is looked at again."""
        entries = self.env["mite.entry"].sudo()
        for link in self.sudo():
            name = f"{link.kind}_link_id"
            former = "left_out" if link.state == "left_out" else "waiting"
            link.write({"state": state})
            entries.search([(name, "=", link.id), ("state", "=", former)]).write(
                {"state": "waiting", "problem": False, "problem_text": False}
            )
        self.account_id._wake()

    def action_decide(self):
        """Accept what is proposed, as a person who knows."""
        self.env["mite.account"]._check_can_import()
        if nameless := self.filtered(lambda link: not link._has_target()):
            raise UserError(
                self.env._(
                    "Say first what these are here: %s",
                    ", ".join(nameless[:10].mapped("name")),
                )
            )
        self.check_access("write")
        self._decide("decided")
        return True

    def action_leave_out(self):
        """Time of this never comes here; what is booked stays."""
        self.env["mite.account"]._check_can_import()
        self.check_access("write")
        self._decide("left_out")
        return True

    def action_reopen(self):
        """Take the decision back; new time waits."""
        self.env["mite.account"]._check_can_import()
        self.check_access("write")
        self._decide("unknown")
        return True

    @api.model
    def _propose(self, account):
        """Propose what has the same name here, once for each new assignment."""
        new = self.search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "unknown"),
                ("was_proposed", "=", False),
                *((name, "=", False) for name in TARGETS),
            ]
        )
        for kind, links in new.grouped("kind").items():
            if kind == "service":
                continue
            candidates = self._get_candidates(account, kind)
            for link in links:
                if values := link._prepare_proposal(candidates):
                    link.write({**values, "state": "proposed", "was_proposed": True})

    def _prepare_proposal(self, candidates):
        """Return the values of a proposal, nothing without one.

        :param candidates: list of (id, name, e-mail or customer)
        """
        self.ensure_one()
        field = {"customer": "partner_id", "user": "employee_id"}.get(
            self.kind, "project_id"
        )
        if self.kind == "user" and self.email:
            mail = self.email.casefold()
            found = {key for key, _name, other in candidates if other == mail}
            if len(found) == 1:
                return {field: found.pop()}
        if self.kind == "project":
            partner = self.parent_id.partner_id.commercial_partner_id
            candidates = [one for one in candidates if one[2] in (False, partner.id)]
        key = propose(self.name, [(key, name) for key, name, _other in candidates])
        return {field: key} if key else {}

    @api.model
    def _get_candidates(self, account, kind):
        """Return (id, name, what else tells it apart) of the records of a kind."""
        company = account.company_id
        of_company = Domain("company_id", "in", [False, company.id])
        if kind == "customer":
            firms = self.env["res.partner"].search(
                of_company & Domain("parent_id", "=", False)
            )
            return [(one.id, one.name or "", None) for one in firms]
        if kind == "user":
            people = self.env["hr.employee"].with_context(active_test=False)
            people = people.search([("company_id", "=", company.id)])
            return [
                (one.id, one.name, (one.work_email or "").casefold()) for one in people
            ]
        projects = self.env["project.project"].search(
            of_company & Domain("allow_timesheets", "=", True)
        )
        return [
            (one.id, one.name, one.partner_id.commercial_partner_id.id or False)
            for one in projects
        ]

"""What the stops of a run hand on to each other."""

from dataclasses import dataclass, field

from ...core import kinds
from ...core.past import Past
from ..billing_agreement_terms import WindowTerms


@dataclass(frozen=True)
class Refusal:
    """Why an agreement's month cannot be billed, to be read by the firm."""

    message: str


@dataclass
class Facts:
    """What is known before a batch is planned, and is learned while it is.

    ``allowed``: approved hours that are left, by customer (id) and within by job;
    ``past``: what was billed in the windows; ``billed``: billed parts by (customer id,
    agreement id); ``crowded``: the customers (with their company) with several running
    agreements; ``terms``: of the windows that have an invoice; ``retainers``: included
    hours by agreement id; ``rates``: list prices found so far; ``billed_rates``: list
    prices on invoices by agreement id, service and month.
    """

    allowed: dict
    past: Past
    billed: dict
    crowded: set
    terms: WindowTerms = field(default_factory=WindowTerms)
    retainers: dict = field(default_factory=dict)
    rates: dict = field(default_factory=dict)
    billed_rates: dict = field(default_factory=dict)

    def remember(self, agreement, plan):
        """Let the agreements that are planned after this one know of its plan."""
        priced = [line for line in plan.lines if line.kind not in kinds.UNTIERED]
        self.past.add_lines(agreement._get_customer_key(), priced)
        for line in plan.lines:
            if line.shares and line.kind != kinds.FREE:
                allowed = self.allowed.get(agreement.partner_id.id, {})
                if line.job in allowed:
                    allowed[line.job] -= line.quantity
                self.billed.setdefault(
                    (agreement.partner_id.id, agreement.id), []
                ).extend(line.get_billed_parts())

    def get_billed(self, agreement, entries):
        """Return what was billed before in the months of ``entries``.

        Of the agreement, whose hours add up before they are rounded, and of the jobs of
        its customer, and of its projects where it has some, whoever billed them.
        """
        months = {entry.month for entry in entries}
        jobs = {entry.job for entry in entries}
        customer, claim = agreement.partner_id.id, agreement._get_claim()
        return [
            part
            for (other, owner), parts in self.billed.items()
            for part in parts
            if other == customer
            and part.month in months
            and (
                owner == agreement.id
                or (
                    part.job in jobs
                    and (not claim.projects or part.project in claim.projects)
                )
            )
        ]

"""The demo firm's three months, billed, against sums made here from its timesheets.

What customers agreed to is spelled out below, and the sums are made from the
timesheets by plain arithmetic: nothing of the addons computes what is expected.
The rates and most reduced rates are whole euros, so that hours of two digits cost
whole cents, however they are spread over lines.
"""

import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

sys.path.append(str(Path(__file__).resolve().parents[1] / "setup"))
demo_firm = import_module("demo_firm")
documents = import_module("environment.documents")

MONTH = "2025-02"
MONTHS = [date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
RATES = {MONTHS[0]: Decimal(110), MONTHS[1]: Decimal(120), MONTHS[2]: Decimal(120)}
NAMES = {
    "agency": "Finch & Kestrel Creative Studio GmbH",
    "dentist": "Zahnarztpraxis Dr. Miriam Lindner",
    "hotel": "Hotel Seeblick Werder GmbH",
    "machines": "Brandt Sondermaschinenbau GmbH & Co. KG",
    "tax": "Wegener & Partner Steuerberatungsgesellschaft mbB",
    "town": "Gemeinde Lindensee",
}
#: Graduated: hours of a slice (None: all further), price per hour, None: the rate
SLICES = [(10, None), (10, Decimal(105)), (None, Decimal(95))]
#: Volume with best price: from hours, share of the rate that is left
REACHED = [(0, Decimal(1)), (25, Decimal("0.95")), (50, Decimal("0.90"))]
TOWN_MINIMUM = 250
LATE_TEXT = "Campaign tracking, entered after the month was billed"
#: Hours that the dentist had approved when a month was billed; no key: without limit
DENTIST_APPROVED = {
    "Röntgenbilder öffnen langsam": (5, 5, 5),
    "Praxis-WLAN vom Gäste-WLAN trennen": (4, 4, 4),
    "Neuer Server für die Praxissoftware": (0, 7, 9),
    "Terminerinnerung per SMS": (0, 2, 2),
    "Umstieg auf die elektronische Patientenakte": (0, 0, 0),
    "Kartenterminal verliert die Verbindung": (0, 0, 3),
}
CENT = Decimal("0.01")


def to_cents(value):
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def get_minutes(entry):
    """Return the whole minutes of an entry, the unit in which they were booked."""
    minutes = round(entry.unit_amount * 60)
    assert abs(entry.unit_amount * 60 - minutes) < 1e-6
    return minutes


def get_job(entry):
    return entry.ticket_id or entry.task_id or entry.project_id


def get_month(entry):
    return entry.date.replace(day=1)


def graduated(hours, rate):
    """Return what hours of one month cost when each slice has its own price."""
    total = Decimal(0)
    for size, price in SLICES:
        part = hours if size is None else min(hours, size)
        total += part * (rate if price is None else price)
        hours -= part
    return total


def add_up(minutes_by_job):
    """Return {job: hours} of two digits: the month adds up before it is rounded."""
    exact = {job: Decimal(minutes) / 60 for job, minutes in minutes_by_job.items()}
    hours = Counter(
        {job: part.quantize(CENT, ROUND_FLOOR) for job, part in exact.items()}
    )
    total = (Decimal(sum(minutes_by_job.values())) / 60).quantize(CENT, ROUND_HALF_UP)
    missing = int((total - sum(hours.values())) / CENT)
    for job in sorted(exact, key=lambda job: hours[job] - exact[job])[:missing]:
        hours[job] += CENT
    return hours


def volume(hours_by_job, rate):
    """Return what a month costs when all hours take the price of the reached tier,
    but never more than the start of a later tier."""
    hours = sum(hours_by_job.values())
    share = max(bound for bound in REACHED if bound[0] <= hours)[1]
    total = sum(to_cents(part * rate * share) for part in hours_by_job.values())
    later = [bound * rate * left for bound, left in REACHED if bound > hours]
    return min([total, *later])


@tagged("post_install", "-at_install")
class TestDemoFirm(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails_before = cls.env["mail.mail"].search([])
        demo_firm.load(cls.env, MONTH)
        cls.rows = demo_firm.bill(cls.env, MONTH)
        cls.partners = {
            key: cls.env["res.partner"].search([("name", "=", name)])
            for key, name in NAMES.items()
        }
        cls.entries = {
            key: cls.env["account.analytic.line"].search(
                [
                    ("project_id", "!=", False),
                    ("partner_id", "child_of", partner.id),
                ],
                order="date, id",
            )
            for key, partner in cls.partners.items()
        }

    def get_period(self, key, run):
        return self.env["billing.period"].search(
            [
                ("partner_id", "=", self.partners[key].id),
                ("date_start", "=", MONTHS[run]),
            ]
        )

    def get_run(self, key, entry):
        """Return the number of the month whose run is the first to see the entry."""
        if key == "town" and get_month(entry) == MONTHS[0]:
            return 1  # the first month is below the minimum and carried
        if entry.name == LATE_TEXT:
            return 2
        return MONTHS.index(get_month(entry))

    def get_minutes_by_run(self, key):
        """Return {run: {entry: minutes}} that the runs bill to a customer."""
        runs = defaultdict(lambda: defaultdict(int))
        for entry in self.entries[key]:
            runs[self.get_run(key, entry)][entry] += get_minutes(entry)
        if key == "dentist":
            return self.hold_back(runs)
        return runs

    def hold_back(self, runs):
        """Return ``runs`` with what the dentist had not approved moved on or out."""
        left = defaultdict(int)  # what no run has billed yet
        done = Counter()  # minutes billed by ticket
        held = {run: {} for run in range(3)}
        for run in range(3):
            for entry, minutes in runs[run].items():
                left[entry] += minutes
            for entry in sorted(left, key=lambda entry: (entry.date, entry.id)):
                name = entry.ticket_id.name
                fits = left[entry]
                if name:
                    fits = min(fits, DENTIST_APPROVED[name][run] * 60 - done[name])
                left[entry] -= fits
                done[name] += fits
                if fits:
                    held[run][entry] = fits
        return held

    def get_hours(self, key, run):
        """Return {month of work: {job: hours}} on the invoice of a run."""
        minutes = defaultdict(Counter)
        for entry, worked in self.get_minutes_by_run(key)[run].items():
            day = entry.date if key == "tax" else None
            minutes[get_month(entry)][get_job(entry), day] += worked
        return {month: self.round_month(key, by) for month, by in minutes.items()}

    def round_month(self, key, groups):
        """Return {job: hours}; the tax adviser pays quarters, rounded up each day."""
        hours = Counter()
        if key != "tax":
            return add_up({job: minutes for (job, _day), minutes in groups.items()})
        for (job, _day), minutes in groups.items():
            hours[job] += (Decimal(minutes) / 15).to_integral_value(ROUND_CEILING) / 4
        return hours

    def get_net(self, key, run):
        """Return the net amount that the terms of a customer ask in a run."""
        hours = self.get_hours(key, run)
        return sum(
            self.get_price(key, run, month, by_job) for month, by_job in hours.items()
        )

    def get_price(self, key, run, month, by_job):
        total = sum(by_job.values())
        if key == "machines":
            return volume(by_job, RATES[month])
        if key not in ("agency", "hotel"):
            return total * RATES[month]
        before = Decimal(0)
        if month != MONTHS[run]:  # late: priced as if it had been there in time
            before = sum(self.get_hours(key, MONTHS.index(month))[month].values())
        return graduated(before + total, RATES[month]) - graduated(before, RATES[month])

    def test_every_customer_is_billed_its_hours_each_month(self):
        for key in NAMES:
            for run in range(3):
                with self.subTest(customer=key, month=MONTHS[run]):
                    hours = self.get_hours(key, run).values()
                    expected = sum(sum(by_job.values()) for by_job in hours)
                    period = self.get_period(key, run)
                    self.assertEqual(to_cents(period.billed_hours), expected)

    def test_every_net_amount_follows_the_terms(self):
        for key in NAMES:
            for run in range(3):
                with self.subTest(customer=key, month=MONTHS[run]):
                    invoice = self.get_period(key, run).invoice_id
                    net, expected = invoice.amount_untaxed, self.get_net(key, run)
                    # which job has the last hundredth of an hour the terms leave open
                    open_cents = CENT if key == "machines" else Decimal(0)
                    self.assertLessEqual(abs(to_cents(net) - expected), open_cents)

    def test_the_month_shows_what_the_terms_can_do(self):
        machines = self.get_hours("machines", 2)[MONTHS[2]]
        self.assertTrue(47 < sum(machines.values()) < 50, "best price holds")
        self.assertEqual(self.get_net("machines", 2), 50 * 108)
        agency = self.get_hours("agency", 2)
        self.assertGreater(sum(agency[MONTHS[2]].values()), 20, "all slices")
        self.assertEqual(sum(agency[MONTHS[1]].values()), Decimal("1.75"), "late")
        self.assertLess(90 * RATES[MONTHS[0]] / 60, TOWN_MINIMUM)

    def test_each_entry_is_billed_once_or_withheld(self):
        for key, entries in self.entries.items():
            runs = self.get_minutes_by_run(key)
            for entry in entries:
                billed = sum(entry.allocation_ids.mapped("worked_hours")) * 60
                expected = sum(run.get(entry, 0) for run in runs.values())
                self.assertAlmostEqual(billed, expected, 3, entry.name)
                self.assertLessEqual(expected, get_minutes(entry))

    def test_entries_stand_on_the_invoice_of_their_run(self):
        for key in NAMES:
            for run, minutes in self.get_minutes_by_run(key).items():
                billed = Counter()
                for allocation in self.get_period(key, run).allocation_ids:
                    billed[allocation.timesheet_id] += allocation.worked_hours * 60
                for entry, worked in minutes.items():
                    self.assertAlmostEqual(billed.pop(entry, 0), worked, 3)
                self.assertFalse(billed, f"{key}: more than expected")

    def test_hours_without_approval_are_withheld(self):
        row = next(row for row in self.rows if row["customer"] == NAMES["dentist"])
        self.assertIn("3.25 h withheld", row["state"])
        rejected = self.entries["dentist"].filtered(
            lambda entry: entry.ticket_id.estimate_state == "rejected"
        )
        self.assertEqual(sum(map(get_minutes, rejected)), 195)
        self.assertFalse(rejected.allocation_ids)

    def test_a_ticket_has_one_line_per_month_and_tier(self):
        for key in NAMES:
            for run in range(3):
                lines = self.get_period(key, run).invoice_id.invoice_line_ids
                timed = lines.filtered("allocation_ids")
                found = Counter(
                    (get_job(entry), line.service_month, line.price_unit)
                    for line in timed
                    for entry in line.allocation_ids.timesheet_id[0]
                )
                self.assertEqual(set(found.values()) - {1}, set(), (key, run))
                for line in timed:
                    jobs = {get_job(e) for e in line.allocation_ids.timesheet_id}
                    self.assertEqual(len(jobs), 1, line.name)
                    tickets = line.allocation_ids.timesheet_id.ticket_id
                    self.assertEqual(line.ticket_id, tickets)

    def test_one_month_is_below_the_minimum_and_carried(self):
        states = [self.get_period("town", run).state for run in range(3)]
        self.assertEqual(states, ["carried", "invoiced", "invoiced"])

    def test_only_the_dentist_waits_for_review(self):
        states = {key: self.get_period(key, 2).state for key in NAMES}
        self.assertEqual(states.pop("dentist"), "draft")
        self.assertEqual(set(states.values()), {"invoiced"})

    def test_the_next_agreement_of_a_customer_is_a_draft(self):
        agreements = self.partners["machines"].billing_agreement_ids
        self.assertEqual(sorted(agreements.mapped("state")), ["active", "draft"])

    def test_customers_are_thanked_in_their_language(self):
        notes = {
            key: self.get_period(key, 2).invoice_id.thank_you_note for key in NAMES
        }
        self.assertIn("Thank you", notes.pop("agency"))
        for note in notes.values():
            self.assertIn("dank", note.lower())
        agency = self.get_period("agency", 2).invoice_id
        terms = agency.with_context(lang="en_GB").invoice_payment_term_id
        self.assertIn("Payable within 30 days", terms.note)
        self.assertIn("Zahlbar", terms.with_context(lang="de_DE").note)

    def test_invoices_are_numbered_in_the_order_of_their_months(self):
        periods = self.env["billing.period"].search(
            [("partner_id", "in", [partner.id for partner in self.partners.values()])]
        )
        posted = periods.invoice_id.filtered(lambda move: move.state == "posted")
        in_year = posted.filtered(lambda move: move.invoice_date.year == 2025)
        by_name = in_year.sorted("name").mapped("invoice_date")
        self.assertEqual(by_name, sorted(by_name))
        self.assertEqual(set(by_name), {date(2025, month, 1) for month in (1, 2, 3)})

    def test_the_table_says_what_the_invoices_say(self):
        self.assertEqual({row["customer"] for row in self.rows}, set(NAMES.values()))
        keys = {name: key for key, name in NAMES.items()}
        for row in self.rows:
            key = keys[row["customer"]]
            net = self.get_net(key, 2)
            tax = to_cents(net * 19 / 100)
            self.assertEqual(to_cents(row["net"]), net, key)
            self.assertEqual(to_cents(row["tax"]), tax, key)
            self.assertEqual(to_cents(row["total"]), net + tax, key)
            jobs = {job for by_job in self.get_hours(key, 2).values() for job in by_job}
            tickets = [job for job in jobs if job._name == "helpdesk.ticket"]
            self.assertEqual(row["tickets"], len(tickets), key)

    def test_billing_again_makes_nothing_new(self):
        count = self.env["account.move"].search_count([])
        self.assertEqual(demo_firm.bill(self.env, MONTH), self.rows)
        self.assertEqual(self.env["account.move"].search_count([]), count)

    def test_estimates_are_in_every_state_a_salesman_shows(self):
        estimates = self.env["helpdesk.ticket.estimate"].search(
            [("company_id", "=", self.env.company.id)]
        )
        states = set(estimates.mapped("state"))
        selection = estimates._fields["state"].selection
        self.assertEqual(states, {state for state, _label in selection})

    def test_estimates_are_approved_before_the_work(self):
        estimates = self.env["helpdesk.ticket.estimate"].search(
            [("company_id", "=", self.env.company.id), ("signed_on", "!=", False)]
        )
        self.assertGreater(len(estimates), 10)
        for estimate in estimates:
            ticket = estimate.ticket_id
            self.assertLess(estimate.sent_on, estimate.signed_on)
            self.assertLessEqual(ticket.create_date.date(), estimate.sent_on.date())
            days = ticket.timesheet_ids.mapped("date")
            if estimate.revision > 1:  # hours were withheld until it was approved
                days = [date(2025, 3, 1)]
            self.assertLess(estimate.signed_on.date(), min(days), ticket.name)

    def test_what_was_approved_after_an_invoice_is_named_as_later(self):
        """The dentist's server: 7 h when its work was billed, 9 h some days after."""
        invoice = self.get_period("dentist", 1).invoice_id
        tickets = invoice.invoice_line_ids.ticket_id
        [server] = tickets.filtered(lambda one: one.name.startswith("Neuer Server"))
        [later] = server.estimate_ids.filtered(
            lambda one: (
                one.state == "approved" and one.signed_on.date() > invoice.invoice_date
            )
        )
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(later.estimated_hours, 9)
        [(line, text)] = invoice._get_later_estimate_texts().items()
        self.assertIn("After this invoice: estimate 9 h", text)
        self.assertIn("Estimate 7 h", invoice._get_estimate_texts()[line])

    def get_documents(self, key):
        """Return {name: content} of what is written of a customer's last invoice."""
        invoice = self.get_period(key, 2).invoice_id
        files = documents._documents(self.env, invoice)
        return dict([*files, *documents._timesheets(invoice)])

    def test_every_invoice_is_written_with_e_invoice_and_timesheets(self):
        for key in set(NAMES) - {"dentist"}:
            with self.subTest(customer=key):
                agreed = self.get_period(key, 2).agreement_id.timesheet_report
                found = self.get_documents(key)
                kinds = Counter(Path(name).suffix for name in found)
                pdfs = 2 if agreed == "separate" else 1
                expected = {".pdf": pdfs, ".xml": 1, ".csv": 1, ".xlsx": 1}
                self.assertEqual(kinds, expected)
                self.assertTrue(all(found.values()))

    def test_an_invoice_in_review_has_no_e_invoice(self):
        kinds = {Path(name).suffix for name in self.get_documents("dentist")}
        self.assertEqual(kinds, {".pdf", ".csv", ".xlsx"})

    def test_the_address_of_the_build_does_not_stay(self):
        parameters = self.env["ir.config_parameter"].sudo()
        address, built = "report.url", "http://127.0.0.1:1"
        before = parameters.get_param(address)
        with patch.object(self.env.cr, "commit"):
            with documents._printing_from(self.env, built):
                self.assertEqual(parameters.get_param(address), built)
            self.assertEqual(parameters.get_param(address), before)
            with (
                self.assertRaises(RuntimeError),
                self.env.cr.savepoint(),
                patch.object(self.env.cr, "rollback"),
                documents._printing_from(self.env, built),
            ):
                raise RuntimeError
        self.assertEqual(parameters.get_param(address), before)

    def test_everybody_can_log_in(self):
        for _role, login, password in demo_firm.logins(self.env)[1:]:
            user = self.env["res.users"].search([("login", "=", login)])
            credential = {"type": "password", "login": login, "password": password}
            user.with_user(user)._check_credentials(credential, {"interactive": True})

    def test_no_mail_was_made(self):
        self.assertEqual(self.env["mail.mail"].search([]), self.mails_before)

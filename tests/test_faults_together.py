"""The monthly run while others bill, book and post; all of them commit."""

import pytest

#: net price of an hour of the customers whose invoices people review
RATE = 120


def find_entries(workshop, customer: int) -> list[int]:
    """Return the ids of a customer's time in the database."""
    rows = workshop.execute(
        """SELECT entry.id FROM account_analytic_line AS entry
             JOIN res_partner AS partner ON partner.id = entry.partner_id
            WHERE partner.name = %s ORDER BY entry.id""",
        f"Customer {customer}",
    )
    return [entry_id for (entry_id,) in rows]


def get_invoiced(workshop, customer: int) -> list:
    """Return state and hours of the months of a customer."""
    return workshop.execute(
        """SELECT period.state, SUM(line.quantity)
             FROM billing_period AS period
             JOIN res_partner AS partner ON partner.id = period.partner_id
             LEFT JOIN account_move_line AS line
               ON line.move_id = period.invoice_id AND line.billing_kind = 'time'
            WHERE partner.name = %s
            GROUP BY period.id""",
        f"Customer {customer}",
    )


def check_all_billed(workshop, undisturbed) -> None:
    """Every month that was due has its outcome, and no other."""
    found = workshop.call("fault_firm:get_facts")["periods"]
    expected = undisturbed.facts["periods"]
    assert {key: month["state"] for key, month in found.items()} == {
        key: month["state"] for key, month in expected.items()
    }


def run_disturbed(workshop, target: str, *arguments) -> None:
    """Run the job while a person holds what it needs."""
    person = workshop.start(f"fault_people:{target}", *arguments)
    workshop.wait_for_idle()
    workshop.call("fault_run:run_jobs")
    person.result()


def test_time_changed_during_the_run_is_billed_as_it_is_in_the_end(firm, undisturbed):
    entry_id = find_entries(firm, 8)[0]
    run_disturbed(firm, "disturb", [entry_id])
    firm.check_sound()
    hours = sum(
        quantity for _name, quantity, _price, _net in get_lines(undisturbed, firm, 8)
    )
    assert get_invoiced(firm, 8) == [("invoiced", hours + 1)]
    check_all_billed(firm, undisturbed)


def get_lines(undisturbed, workshop, customer: int) -> list:
    """Return the lines that a customer's invoice has without disturbance."""
    ((name, month),) = workshop.execute(
        """SELECT agreement.name, period.date_start::text
             FROM billing_period AS period
             JOIN billing_agreement AS agreement ON agreement.id = agreement_id
             JOIN res_partner AS partner ON partner.id = period.partner_id
            WHERE partner.name = %s""",
        f"Customer {customer}",
    )
    return undisturbed.facts["periods"][f"{name} {month}"]["lines"]


def test_month_disturbed_repeatedly_is_billed_soon(firm, undisturbed):
    run_disturbed(firm, "disturb", find_entries(firm, 9))
    firm.check_sound()
    check_all_billed(firm, undisturbed)


def test_month_that_somebody_opens_at_this_moment_is_no_error(firm, undisturbed):
    ((agreement_id,),) = firm.execute("SELECT min(id) FROM billing_agreement")
    run_disturbed(firm, "open_month", agreement_id)
    firm.check_sound()
    check_all_billed(firm, undisturbed)


def test_two_workers_and_people_at_once_bill_everything_once(firm, undisturbed):
    firm.call("fault_people:open_drafts")
    firm.call("fault_run:add_job")
    everybody = [
        firm.start("fault_run:run_jobs"),
        firm.start("fault_run:run_jobs"),
        firm.start("fault_people:bill", 3),
        firm.start("fault_people:work", 20),
        firm.start("fault_people:post", 20),
    ]
    for process in everybody:
        process.result()
    firm.call("fault_run:pass_a_night")
    firm.call("fault_run:run_jobs")
    firm.check_sound()
    check_same(firm.call("fault_firm:get_facts"), undisturbed.facts)
    firm.call("fault_people:post_all")
    firm.check_sound()
    for worked, billed, net in firm.call("fault_people:get_reviewed").values():
        assert (billed, net) == (pytest.approx(worked), pytest.approx(worked * RATE))


def check_same(found, expected):
    """The months of customers whom nobody disturbs are as without disturbance."""
    for key, period in expected["periods"].items():
        if period["state"] != "draft":
            assert found["periods"][key] == period

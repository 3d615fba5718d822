"""Customers that cannot be billed, and closed months: the others are not concerned."""

#: customers whose months fail, each in its own way
WITHOUT_ACCOUNT, REFUSED_BY_DATABASE = 8, 9


def get_failed(workshop) -> dict:
    """Return the names of the customers with an error and how many activities there
    are about it."""
    return dict(
        workshop.execute(
            """SELECT partner.name, count(DISTINCT activity.id)
                 FROM billing_period AS period
                 JOIN res_partner AS partner ON partner.id = period.partner_id
                 LEFT JOIN mail_activity AS activity
                   ON activity.res_id = period.id
                  AND activity.res_model = 'billing.period'
                WHERE period.state = 'error'
                GROUP BY partner.name"""
        )
    )


def test_customers_that_fail_do_not_stop_the_others(firm, undisturbed):
    firm.call("fault_people:archive_account", WITHOUT_ACCOUNT)
    firm.call("fault_people:refuse_invoices", REFUSED_BY_DATABASE)
    firm.call("fault_run:run_jobs")
    firm.check_sound()
    assert get_failed(firm) == {"Customer 8": 1, "Customer 9": 2}
    found = firm.call("fault_firm:get_facts")["periods"]
    expected = undisturbed.facts["periods"]
    wrong = [month for key, month in found.items() if month != expected[key]]
    assert [month["state"] for month in wrong] == 3 * ["error"]

    firm.call("fault_people:heal")
    firm.check_completed(undisturbed)
    assert firm.execute("SELECT count(*) FROM mail_activity") == [(0,)]


def test_run_on_a_closed_day_says_so_and_is_completed_later(firm, undisturbed):
    firm.start("fault_run:run_jobs", "kill", undisturbed.steps // 2).wait()
    firm.call("fault_people:close_books", "today")
    firm.call("fault_run:pass_a_night")
    firm.call("fault_run:run_jobs")
    firm.check_sound()
    errors = firm.execute(
        """SELECT DISTINCT error FROM billing_period
            WHERE state IN ('error', 'open') AND error LIKE %s""",
        "%Lock Date%",
    )
    assert len(errors) == 1
    assert get_failed(firm)
    firm.call("fault_people:close_books", "last month")
    firm.check_completed(undisturbed)
    assert not get_failed(firm)

"""The daily job is stopped, hurried or left alone: it goes on, and people know."""

#: before which step a run is killed that has billed nothing yet
EARLY = 40


def test_three_early_kills_do_not_rest_the_job_until_tomorrow(firm, undisturbed):
    for _time in range(3):
        assert firm.start("fault_run:run_jobs", "kill", EARLY).wait()
    assert firm.execute(
        "SELECT count(*) FROM billing_period WHERE state != 'open'"
    ) == [(0,)]
    firm.call("fault_run:run_jobs")
    firm.check_sound()
    firm.check_same(undisturbed)


def test_job_that_never_has_time_comes_to_its_end(firm, undisturbed):
    firm.call("fault_run:run_jobs", "hurry", 1)
    firm.check_sound()
    firm.check_same(undisturbed)


def test_job_of_a_user_who_left_bills_nothing_and_is_completed_later(firm, undisturbed):
    firm.call("fault_people:archive_user_of_job", True)
    firm.call("fault_run:run_jobs")
    assert firm.execute("SELECT count(*) FROM account_move") == [(0,)]
    assert firm.execute("SELECT active FROM ir_cron WHERE failure_count > 0")
    firm.call("fault_people:archive_user_of_job", False)
    firm.check_completed(undisturbed)


def test_who_bills_during_a_run_reads_who_is_at_it(firm):
    holder = firm.start("fault_people:hold_billing")
    firm.wait_until(
        """SELECT count(*) > 0 FROM pg_locks AS mark
            JOIN pg_database AS base ON base.oid = mark.database
           WHERE mark.locktype = 'advisory' AND mark.objsubid = 2
             AND base.datname = %s""",
        firm.database,
    )
    text = firm.call("fault_people:press_bill")
    assert "scheduled job is billing at this moment" in text
    holder.result()
    firm.check_sound()

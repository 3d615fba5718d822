"""Whatever stops reminders: nobody gets a letter twice, and nobody is forgotten."""

from contextlib import contextmanager

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from environment import server

from .fault_mail import MailServer

DEBTORS = 8
ADDRESSES = [f"debtor{number}@example.com" for number in range(DEBTORS)]
SENT = [[f"Debtor {number}", "sent", "sent", 200] for number in range(DEBTORS)]
#: share of the steps of a whole run
MOMENTS = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def debtors(workshop):
    """A firm with overdue invoices; ``port`` is that of its mail server, which is down,
    ``steps`` is how many statements and commits the reminders take."""
    workshop.restore()
    workshop.port = server.free_port()
    workshop.call("fault_reminders:prepare", DEBTORS, workshop.port)
    firm, workshop.saved = workshop.saved, f"{workshop.database}_reminders"
    workshop.save()
    workshop.steps = workshop.call("fault_reminders:run_jobs")
    yield workshop
    workshop.drop_saved()
    workshop.saved = firm


@pytest.fixture
def firm(debtors):
    """The firm before its reminders."""
    debtors.restore()
    return debtors


def pass_a_night(firm) -> None:
    """Do everything that is due on the next day."""
    firm.call("fault_reminders:pass_a_night")
    firm.call("fault_reminders:run_jobs")


@contextmanager
def nights(firm, count=2, **behaviour):
    """Let some nights pass while the mail server is up; yield it."""
    with MailServer(firm.port, **behaviour) as mail_server:
        yield mail_server
        for _night in range(count):
            pass_a_night(firm)


def get_notices(firm) -> list:
    return firm.call("fault_reminders:get_notices")


def check_each_got_one(firm, mail_server) -> None:
    assert get_notices(firm) == SENT
    assert {
        address: len(mail_server.get_ids(address)) for address in ADDRESSES
    } == dict.fromkeys(ADDRESSES, 1)


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(moments=st.tuples(MOMENTS, MOMENTS))
def test_reminders_killed_before_any_statement_are_completed(debtors, moments):
    debtors.restore()
    for moment in moments:
        at = 1 + int(moment * debtors.steps)
        debtors.start("fault_reminders:run_jobs", "kill", at).wait()
    with nights(debtors) as mail_server:
        pass
    check_each_got_one(debtors, mail_server)


@settings(max_examples=1, deadline=None, phases=[Phase.generate])
@given(moment=MOMENTS)
def test_reminders_without_database_are_completed_when_it_is_back(debtors, moment):
    debtors.restore()
    at = 1 + int(moment * debtors.steps)
    debtors.start("fault_reminders:run_jobs", "disconnect", at).wait()
    debtors.open()
    with nights(debtors) as mail_server:
        pass
    check_each_got_one(debtors, mail_server)


def test_two_workers_write_and_send_each_reminder_once(firm):
    firm.call("fault_reminders:add_job")
    with nights(firm, 1) as mail_server:
        workers = [firm.start("fault_reminders:run_jobs") for _number in range(2)]
        for worker in workers:
            worker.result()
    check_each_got_one(firm, mail_server)


def test_reminders_wait_for_the_mail_server(firm):
    firm.call("fault_reminders:run_jobs")
    pass_a_night(firm)
    states = {state for _name, _state, state, _sum in get_notices(firm)}
    assert states == {"waiting"}
    with nights(firm) as mail_server:
        pass
    check_each_got_one(firm, mail_server)


def test_who_pays_while_the_mail_server_is_down_gets_nothing(firm):
    firm.call("fault_reminders:run_jobs")
    firm.call("fault_reminders:pay", 0)
    with nights(firm) as mail_server:
        pass
    assert get_notices(firm) == [["Debtor 0", "cancelled", False, 200], *SENT[1:]]
    assert len(mail_server.mails) == DEBTORS - 1
    assert not mail_server.get_ids(ADDRESSES[0])


def test_kill_while_reminders_are_sent_loses_and_doubles_none(firm):
    with nights(firm, held=3) as mail_server:
        run = firm.start("fault_reminders:run_jobs")
        mail_server.wait_for_held()
        run.kill()
        mail_server.release()
        run.wait()
    assert get_notices(firm) == SENT
    for address in ADDRESSES:
        assert len(set(mail_server.get_ids(address))) == 1  # the same mail again

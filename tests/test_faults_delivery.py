"""Mails and files that fail: invoices are posted all the same, and sent once."""

import pytest

from environment import server

from .fault_mail import MailServer

#: who gets invoices by mail
CUSTOMERS = (1, 8, 15)
ADDRESSES = [f"customer{number}@example.com" for number in sorted(CUSTOMERS)]


@pytest.fixture
def port(firm):
    """The port of the mail server, on which nobody listens yet."""
    free = server.free_port()
    firm.call("fault_people:want_mails", CUSTOMERS, free)
    return free


def pass_a_night(workshop) -> None:
    """Do everything that is due on the next day."""
    workshop.call("fault_run:pass_a_night")
    workshop.call("fault_run:run_jobs")


def check_sent_once(workshop, port: int) -> None:
    """As soon as the mail server is up, every customer gets one invoice."""
    with MailServer(port) as mail_server:
        pass_a_night(workshop)
        pass_a_night(workshop)
    for address in ADDRESSES:
        assert len(mail_server.get_ids(address)) == 1
    assert len(mail_server.mails) == len(ADDRESSES)
    for files in mail_server.get_files():
        assert [name for name in files if name.endswith(".pdf")]


def test_mails_wait_for_the_mail_server(firm, undisturbed, port):
    firm.call("fault_run:run_jobs")
    pass_a_night(firm)
    firm.check_same(undisturbed)
    assert firm.call("fault_people:get_mail_errors") == len(CUSTOMERS)
    check_sent_once(firm, port)
    assert firm.call("fault_people:get_mail_errors") == 0
    firm.check_completed(undisturbed)


def test_invoices_are_sent_when_the_disk_has_room_again(firm, undisturbed, port):
    firm.call("fault_run:run_jobs", "fill_disk", 1)
    assert firm.execute(
        """SELECT name FROM account_move
            WHERE delivery_state = 'waiting' AND delivery_error IS NOT NULL"""
    )
    firm.check_same(undisturbed)
    check_sent_once(firm, port)
    firm.check_completed(undisturbed)


def test_only_the_mail_that_was_not_confirmed_comes_again_after_a_kill(
    firm, undisturbed, port
):
    firm.call("fault_run:run_jobs")
    firm.call("fault_run:pass_a_night")
    with MailServer(port, held=2) as mail_server:
        run = firm.start("fault_run:run_jobs")
        mail_server.wait_for_held()
        run.kill()
        mail_server.release()
        run.wait()
        [again] = mail_server.mails[1][0]
        pass_a_night(firm)
        pass_a_night(firm)
    for address in ADDRESSES:
        ids = mail_server.get_ids(address)
        assert len(ids) == (2 if address == again else 1)
        assert len(set(ids)) == 1  # the same mail: programs show it once
    firm.check_completed(undisturbed)

"""Mail servers that hang up, are busy, refuse or bring back: nothing gets stuck."""

import pytest

from environment import server

from .fault_mail import MailServer
from .test_faults_delivery import ADDRESSES, CUSTOMERS, pass_a_night

SENT, PAID = ["sent", None, 0], ["sent", "sent", 0]


@pytest.fixture
def port(firm):
    """The port of the mail server; the invoices are printed and wait for it."""
    free = server.free_port()
    firm.call("fault_people:want_mails", CUSTOMERS, free)
    firm.call("fault_run:run_jobs")
    return free


def send(firm, port: int, nights: int = 2, **behaviour):
    """Let some nights pass while the mail server is up; return it."""
    with MailServer(port, **behaviour) as mail_server:
        for _night in range(nights):
            pass_a_night(firm)
    return mail_server


def get_deliveries(firm) -> list:
    rows = firm.call("fault_people:get_deliveries", CUSTOMERS)
    return [[state or None, receipt or None, asked] for state, receipt, asked in rows]


def check_each_got(mail_server, count: int) -> None:
    assert [len(mail_server.get_ids(address)) for address in ADDRESSES] == [
        count
    ] * len(ADDRESSES)


def test_mail_whose_connection_breaks_off_goes_out_once(firm, port):
    check_each_got(send(firm, port, nights=3, dropped=2), 1)
    assert get_deliveries(firm) == [SENT] * 3


def test_mails_that_a_busy_server_puts_off_go_out_once(firm, port):
    check_each_got(send(firm, port, nights=1, busy=True), 0)
    check_each_got(send(firm, port), 1)
    assert get_deliveries(firm) == [SENT] * 3


def test_mails_wait_for_a_server_that_is_silent(firm, port):
    with MailServer(port, silent=5) as mail_server:
        firm.call("fault_run:pass_a_night")
        firm.call("fault_run:run_jobs", "lose_patience", 1)
        pass_a_night(firm)
        pass_a_night(firm)
    check_each_got(mail_server, 1)
    assert get_deliveries(firm) == [SENT] * 3


def test_address_that_is_refused_reaches_a_person_at_once(firm, port):
    address = f"customer{CUSTOMERS[0]}@example.com"
    mail_server = send(firm, port, nights=1, unknown=(address,))
    assert not mail_server.get_ids(address)
    assert get_deliveries(firm) == [["failed", None, 1], SENT, SENT]
    [(reason,)] = firm.execute(
        "SELECT delivery_error FROM account_move WHERE delivery_state = 'failed'"
    )
    assert "is not known here (550)" in reason


def test_mail_that_was_taken_and_comes_back_reaches_a_person(firm, port):
    address = f"customer{CUSTOMERS[0]}@example.com"
    mail_server = send(firm, port)
    [message_id] = mail_server.get_ids(address)
    firm.call("fault_people:bounce", address, message_id)
    assert get_deliveries(firm) == [["failed", None, 1], SENT, SENT]


def test_invoice_that_is_edited_while_its_mail_is_taken_goes_out_once(firm, port):
    with MailServer(port, held=1) as mail_server:
        firm.call("fault_run:pass_a_night")
        run = firm.start("fault_run:run_jobs")
        mail_server.wait_for_held()
        firm.execute("UPDATE account_move SET write_date = write_date")
        mail_server.release()
        assert not run.wait()
        pass_a_night(firm)
    check_each_got(mail_server, 1)
    assert get_deliveries(firm) == [SENT] * 3


def test_receipts_wait_for_the_mail_server(firm, port):
    send(firm, port)
    firm.call("fault_people:pay", CUSTOMERS)
    pass_a_night(firm)
    assert not [one for one in get_deliveries(firm) if one == PAID]
    check_each_got(send(firm, port), 1)
    assert get_deliveries(firm) == [PAID] * 3


def test_kill_while_receipts_are_sent_loses_and_doubles_none(firm, port):
    send(firm, port)
    firm.call("fault_people:pay", CUSTOMERS)
    firm.call("fault_run:pass_a_night")
    with MailServer(port, held=2) as mail_server:
        run = firm.start("fault_run:run_jobs")
        mail_server.wait_for_held()
        run.kill()
        mail_server.release()
        run.wait()
        pass_a_night(firm)
        pass_a_night(firm)
    assert get_deliveries(firm) == [PAID] * 3
    for address in ADDRESSES:
        assert len(set(mail_server.get_ids(address))) == 1  # the same mail again


def test_neutralized_copy_sends_nothing(firm, port):
    firm.call("fault_people:pay", CUSTOMERS)
    firm.call("fault_run:neutralize")
    with MailServer(port) as mail_server:
        firm.call("fault_run:run_jobs")
        firm.call("fault_run:send_everything")
    assert not mail_server.attempts
    assert not mail_server.mails

"""Invoices by Peppol: what the network has taken is not sent to it again."""

import pytest

from environment import server

from .fault_access_point import AccessPoint
from .fault_mail import MailServer
from .test_faults_delivery import ADDRESSES, CUSTOMERS

RECEIVERS = sorted(f"9930:DE{number}" for number in CUSTOMERS)
SENT = ["sent", None, 0]


@pytest.fixture
def ports(firm):
    """The ports of mail server and access point, where nobody listens yet."""
    mails, network = server.free_port(), server.free_port()
    firm.call("fault_people:want_mails", CUSTOMERS, mails)
    firm.call("fault_peppol:install")
    return mails, network


def pass_nights(workshop, port: int, count: int = 2) -> None:
    """Do everything that is due on the next days."""
    for _night in range(count):
        workshop.call("fault_run:pass_a_night")
        workshop.call("fault_peppol:run_jobs", port)


def get_deliveries(workshop) -> list:
    rows = workshop.call("fault_people:get_deliveries", CUSTOMERS)
    return [[state or None, receipt or None, asked] for state, receipt, asked in rows]


def get_receivers(access_point) -> list[str]:
    """Return to whom the documents go, and check that each is another invoice."""
    receivers, numbers = zip(*access_point.documents, strict=True)
    assert len(set(numbers)) == len(set(receivers))
    return sorted(receivers)


def test_invoices_wait_for_the_access_point(firm, undisturbed, ports):
    _mails, port = ports
    firm.call("fault_peppol:join", CUSTOMERS, "peppol")
    firm.call("fault_peppol:run_jobs", port)
    firm.check_same(undisturbed)
    assert get_deliveries(firm) == [["waiting", None, 0]] * 3
    with AccessPoint(port) as access_point:
        pass_nights(firm, port)
    assert get_receivers(access_point) == RECEIVERS
    assert get_deliveries(firm) == [SENT] * 3
    firm.check_completed(undisturbed)


def test_kill_before_the_confirmation_sends_only_that_document_again(firm, ports):
    _mails, port = ports
    firm.call("fault_peppol:join", CUSTOMERS, "peppol")
    with AccessPoint(port, held=2) as access_point:
        run = firm.start("fault_peppol:run_jobs", port)
        access_point.wait_for_held()
        run.kill()
        access_point.release()
        run.wait()
        unconfirmed, _number = access_point.documents[1]
        pass_nights(firm, port)
    assert get_receivers(access_point) == sorted([*RECEIVERS, unconfirmed])
    assert get_deliveries(firm) == [SENT] * 3
    firm.check_sound()


def test_kill_after_the_network_has_it_sends_the_mail_and_no_second_document(
    firm, ports
):
    mails, port = ports
    firm.call("fault_peppol:join", CUSTOMERS, "email")
    with AccessPoint(port) as access_point, MailServer(mails) as mail_server:
        assert firm.start("fault_peppol:run_jobs", port, "_send_mail").wait()
        assert len(access_point.documents) == 1
        pass_nights(firm, port)
    assert get_receivers(access_point) == RECEIVERS
    assert [len(mail_server.get_ids(address)) for address in ADDRESSES] == [1] * 3
    assert get_deliveries(firm) == [SENT] * 3
    firm.check_sound()


def test_document_that_the_network_refuses_stops_no_other(firm, ports):
    _mails, port = ports
    firm.call("fault_peppol:join", CUSTOMERS, "peppol")
    refused = f"9930:DE{CUSTOMERS[0]}"
    with AccessPoint(port, refused=(refused,)) as access_point:
        firm.call("fault_peppol:run_jobs", port)
        pass_nights(firm, port, 5)
    assert {*get_receivers(access_point), refused} == set(RECEIVERS)
    assert len(access_point.documents) == len(RECEIVERS) - 1
    assert get_deliveries(firm) == [["failed", None, 1], SENT, SENT]

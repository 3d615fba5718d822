"""Customers that get their invoices by Peppol; runs inside Odoo processes.

Odoo's own addon sends them; only the address of its access point is another one.
"""

import os
import signal
from base64 import b64encode

import fault_run
from fault_firm import session
from fault_people import get_agreements

from odoo.modules.registry import Registry

from odoo.addons.account_peppol.tools.peppol_iap_connector import PEPPOL_PROXY_URLS

#: kind of the identifiers: German VAT numbers
SCHEME = "9930"


def install(database: str) -> None:
    """Install Odoo's Peppol; a test runs its jobs itself."""
    with session(database) as env:
        domain = [("name", "=", "account_peppol")]
        env["ir.module.module"].search(domain).button_immediate_install()
    with session(database) as env:
        domain = [("module", "=", "account_peppol"), ("model", "=", "ir.cron")]
        jobs = env["ir.model.data"].search(domain).mapped("res_id")
        env["ir.cron"].browse(jobs).active = False


def join(database: str, customers: list[int], method: str) -> None:
    """Let the firm and customers be participants of the network.

    :param method: how the customers want their invoices
    """
    with session(database) as env:
        env["ir.config_parameter"].set_param("account_peppol.edi.mode", "test")
        company = env.company
        company.write({"vat": "DE136695976", "phone": "+49 711 123456"})
        company.partner_id.write({"peppol_eas": SCHEME, "peppol_endpoint": "DE0"})
        key = env["certificate.key"]._generate_rsa_private_key(company, name="Peppol")
        env["account_edi_proxy_client.user"].create(
            {
                "id_client": "firm",
                "company_id": company.id,
                "proxy_type": "peppol",
                "edi_mode": "test",
                "edi_identification": f"{SCHEME}:DE0",
                "private_key_id": key.id,
                "refresh_token": b64encode(b"token").decode(),
            }
        )
        for customer in customers:
            get_agreements(env, customer).partner_id.write(
                {
                    "peppol_eas": SCHEME,
                    "peppol_endpoint": f"DE{customer}",
                    "invoice_edi_format": "ubl_bis3",
                    "invoice_sending_method": method,
                    "peppol_verification_state": "valid",
                }
            )
        company.account_peppol_proxy_state = "sender"


def run_jobs(database: str, port: int, killed_at: str = "") -> None:
    """Do what is due, with the access point on a port of this machine.

    :param killed_at: method of ``account.move.send`` before which the process is
        killed
    """
    PEPPOL_PROXY_URLS["test"] = f"http://127.0.0.1:{port}"
    if killed_at:
        sender = Registry(database).check_signaling()["account.move.send"]
        setattr(sender, killed_at, _kill)
    fault_run.run_jobs(database)


def _kill(*_arguments, **_options) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

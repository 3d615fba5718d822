"""The firm, its employees and its customers, as plain values.

Names are invented, domains end in `.example`: no mail ever reaches anybody. VAT
numbers are well-formed but not assigned, the IBAN is a published test number.
"""

from typing import NamedTuple

FIRM = {
    "name": "Havelwerk IT-Service GmbH",
    "street": "Zeppelinstraße 117",
    "zip": "14471",
    "city": "Potsdam",
    "phone": "+49 331 5550 170",
    "email": "rechnung@havelwerk.example",
    "website": "https://www.havelwerk.example",
    "vat": "DE902718460",
    "company_registry": "99417 P, AG Potsdam",
    "lang": "de_DE",
    "tz": "Europe/Berlin",
}
TAX_NUMBER = "046/108/02143"
BANK = {"name": "Deutsche Kreditbank Berlin", "bic": "BYLADEM1001"}
IBAN = "DE02 1203 0000 0000 2020 51"


class Employee(NamedTuple):
    """Someone who works on tickets; the login is the password too."""

    login: str
    name: str
    job: str


EMPLOYEES = [
    Employee("jana", "Jana Petersen", "Geschäftsführerin"),
    Employee("tobias", "Tobias Krämer", "Systemadministrator"),
    Employee("mehmet", "Mehmet Yıldız", "Netzwerktechniker"),
    Employee("lea", "Lea Hoffmann", "Webentwicklerin"),
    Employee("florian", "Florian Busch", "ERP-Berater"),
]
MANAGER = "jana"
BOOKKEEPER = Employee("karin", "Karin Vogt", "Buchhaltung")


class Customer(NamedTuple):
    """Who orders work, with the person who opens the tickets."""

    key: str
    name: str
    contact: str
    street: str
    zip: str
    city: str
    vat: str
    domain: str
    phone: str
    industry: str
    project: str
    lang: str = "de_DE"
    invoice_to: str = ""
    buyer_reference: str = ""

    @property
    def login(self) -> str:
        """The contact's e-mail address, which is the login too."""
        surname = self.contact.split()[-1].lower().replace("ö", "oe")
        return f"{surname}@{self.domain}"


CUSTOMERS = [
    Customer(
        "agency",
        "Finch & Kestrel Creative Studio GmbH",
        "Fiona Kestrel",
        "Oranienstraße 188",
        "10999",
        "Berlin",
        "DE914820374",
        "finch-kestrel.example",
        "+49 30 5550 2741",
        "Agency",
        "IT support Finch & Kestrel",
        lang="en_GB",
    ),
    Customer(
        "dentist",
        "Zahnarztpraxis Dr. Miriam Lindner",
        "Miriam Lindner",
        "Charlottenstraße 42",
        "14467",
        "Potsdam",
        "DE926504184",
        "praxis-lindner.example",
        "+49 331 5550 318",
        "Dentist",
        "IT-Betreuung Praxis Lindner",
    ),
    Customer(
        "machines",
        "Brandt Sondermaschinenbau GmbH & Co. KG",
        "Holger Brandt",
        "Am Silokanal 9",
        "14770",
        "Brandenburg an der Havel",
        "DE938172653",
        "brandt-maschinen.example",
        "+49 3381 5550 60",
        "Machine builder",
        "IT-Betreuung Brandt",
        invoice_to="Kreditorenbuchhaltung",
    ),
    Customer(
        "tax",
        "Wegener & Partner Steuerberatungsgesellschaft mbB",
        "Ulrike Wegener",
        "Schloßstraße 26",
        "12163",
        "Berlin",
        "DE942035717",
        "wegener-steuer.example",
        "+49 30 5550 8800",
        "Tax adviser",
        "IT-Betreuung Kanzlei Wegener",
    ),
    Customer(
        "hotel",
        "Hotel Seeblick Werder GmbH",
        "Anke Rösler",
        "Uferstraße 3",
        "14542",
        "Werder (Havel)",
        "DE957183601",
        "seeblick-werder.example",
        "+49 3327 5550 12",
        "Hotel",
        "IT-Betreuung Hotel Seeblick",
    ),
    Customer(
        "town",
        "Gemeinde Lindensee",
        "Stefan Mahlow",
        "Rathausplatz 1",
        "14548",
        "Lindensee",
        "",
        "lindensee.example",
        "+49 33205 5550 0",
        "Municipality",
        "IT-Betreuung Gemeinde Lindensee",
        buyer_reference="12069999-LIND01-74",
    ),
]
#: Where tasks and meetings of a customer are booked, besides the project of its tickets
OTHER_PROJECTS = {"machines": "ERP-Einführung Brandt"}
PORTAL_PASSWORD = "portal"

LOGINS = [
    ("Administrator", "admin", "admin"),
    ("Billing manager", MANAGER, MANAGER),
    ("Billing user", BOOKKEEPER.login, BOOKKEEPER.login),
    ("Technician", "tobias", "tobias"),
    *(
        (f"Customer: {customer.industry}", customer.login, PORTAL_PASSWORD)
        for customer in CUSTOMERS
    ),
]

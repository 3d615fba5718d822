"""What the printed invoice of a month says: its title and the facts at its head."""

from odoo import SUPERUSER_ID, models
from odoo.tools.misc import format_date


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_credit_title(self):
        """Return the title of a credit note of a month, else False.

        In German law a *Gutschrift* is an invoice that the customer writes (UStG
        14(2)); what takes back an invoice is called a cancellation, or a correction
        where it takes back a part.
        """
        self.ensure_one()
        if not (self._is_billing_document() and self.move_type == "out_refund"):
            return False
        is_whole = self._get_fact("head")["is_cancellation"]
        if self.state == "draft":
            if is_whole:
                return self.env._("Draft Cancellation Invoice")
            return self.env._("Draft Invoice Correction")
        if self.state == "cancel":
            return self.env._("Cancelled Invoice Correction")
        if is_whole:
            return self.env._("Cancellation Invoice")
        return self.env._("Invoice Correction")

    def _takes_back_everything(self):
        """Return whether this credit note takes back its invoice as a whole."""
        invoice = self.reversed_entry_id
        same = self.currency_id.compare_amounts(self.amount_total, invoice.amount_total)
        return bool(invoice) and not same

    def _prepare_head_facts(self):
        """Return {document: facts about the parties and what it refers to}."""
        return {move: move._prepare_head() for move in self}

    def _prepare_head(self):
        origin, customer = self.reversed_entry_id, self.commercial_partner_id
        reader = self.partner_id.with_context(show_address=True)
        return {
            "customer": customer.name or "",
            "address": (reader.display_name or "").split("\n"),
            "agreement": self.billing_period_id.sudo().agreement_id.name,
            "order": self._get_order_number(),
            "reference": customer.ref or "",
            "contact": self._get_contact_lines(),
            "corrected": [origin.name, str(origin.invoice_date)] if origin else None,
            "reason": (origin and self._get_reason()) or "",
            "is_cancellation": self._takes_back_everything(),
        }

    def _get_order_number(self):
        """Return the number of the customer's order, or an empty text.

        The reference of a credit note is a sentence about the invoice it credits, so
        the order is that of the invoice.
        """
        self.ensure_one()
        if self.move_type == "out_invoice":
            return self.ref or ""
        agreement = self.billing_period_id.sudo().agreement_id
        return self.reversed_entry_id.ref or agreement.customer_reference or ""

    def _get_document_facts(self):
        """Return what stands at the head of the document, in the language of the
        environment and in the order of print.

        Extension point: another addon may add facts.

        :return: list of dicts: ``code``, ``label`` and ``lines``, the texts below the
            label; number and due date are marked by their codes ``number`` and
            ``due_date``. Empty for other documents than those of a month.
        """
        self.ensure_one()
        if not self._is_billing_document():
            return []
        return [
            {"code": code, "label": label, "lines": lines}
            for code, label, lines in (
                *self._get_dates(),
                *self._get_references(),
                (
                    "contact",
                    self.env._("Your Contact"),
                    self._get_fact("head")["contact"],
                ),
            )
            if any(lines)
        ]

    def _get_fact_rows(self, facts, columns=4):
        """Return ``facts`` in rows of a table; the person to ask gets the rest of the
        last one.

        The number stands in the title.
        """
        facts = [dict(fact) for fact in facts if fact["code"] != "number"]
        contact = [fact for fact in facts if fact["code"] == "contact"]
        others = [fact for fact in facts if fact["code"] != "contact"]
        rows = [
            others[first : first + columns] for first in range(0, len(others), columns)
        ]
        if contact:
            if not rows or len(rows[-1]) == columns:
                rows.append([])
            contact[0]["colspan"] = columns - len(rows[-1])
            rows[-1] += contact
        return rows

    def _get_dates(self):
        """Return (code, label, lines) of number, dates and service period."""
        env = self.env
        is_credit = self.move_type == "out_refund"
        due = self.state == "posted" and not is_credit and self.invoice_date_due
        number = self.name if self.name != "/" else ""
        return [
            (
                "number",
                env._("Number") if is_credit else env._("Invoice Number"),
                [number],
            ),
            (
                "date",
                env._("Date") if is_credit else env._("Invoice Date"),
                [format_date(env, self.invoice_date)],
            ),
            ("due_date", env._("Due Date"), [format_date(env, due)]),
            ("period", env._("Service Period"), [self._get_service_period_text()]),
        ]

    def _get_references(self):
        """Return (code, label, lines) of what this document refers to."""
        env, head = self.env, self._get_fact("head")
        origin = ""
        if head["corrected"]:
            number, day = head["corrected"]
            origin = env._(
                "%(number)s of %(date)s", number=number, date=format_date(env, day)
            )
        return [
            ("corrected", env._("Corrected Invoice"), [origin]),
            ("reason", env._("Reason"), [head["reason"]]),
            ("order", env._("Your Order Number"), [head["order"]]),
            ("reference", env._("Your Reference"), [head["reference"]]),
            ("agreement", env._("Agreement"), [head["agreement"]]),
        ]

    def _get_reason(self):
        """Return why this credit note was made, without the number before it."""
        _start, number, reason = (self.ref or "").partition(self.reversed_entry_id.name)
        return reason.lstrip(" ,") if number else self.ref

    def _get_settlement_text(self, payment):
        """Return which document settles this one, False where it is a payment.

        :param dict payment: of ``invoice_payments_widget``
        """
        other = self.browse(payment["move_id"]).sudo()
        if not other.is_sale_document():
            return False
        if other.move_type == "out_refund":
            return self.env._("Credited with %s", other.name)
        return self.env._("Set off against %s", other.name)

    def _get_service_period_text(self):
        """Return first and last day of the service period as a customer reads them."""
        self.ensure_one()
        days = (self.service_period_start, self.service_period_end)
        return " – ".join(format_date(self.env, day) for day in days if day)

    def _get_contact_lines(self):
        """Return name, phone and e-mail of the person to ask."""
        user = self.invoice_user_id.sudo()
        if not user or user.id == SUPERUSER_ID or user.share:
            return []
        company = self.company_id.partner_id
        phone = user.phone or company.phone
        return [text for text in (user.name, phone, user.email) if text]

    def _get_portal_link(self, **options):
        """Return the full address of the invoice's page in the customer's language.

        :param options: as for ``get_portal_url``
        """
        self.ensure_one()
        languages = self.env["res.lang"]
        path = self.get_portal_url(**options)
        if len(languages._get_frontend()) > 1:
            code = languages._get_data(code=self._get_document_language()).url_code
            path = f"/{code}{path}" if code else path
        return f"{self.get_base_url()}{path}"

    def _get_online_payment_url(self):
        """Return the full address of the page where the invoice is paid, or False.

        Extension point: what takes payments says where.
        """
        self.ensure_one()
        return False

    def _get_headings_by_line(self):
        """Return {line: headings} of the lines that stand first below headings.

        They are printed in the row of that line, because wkhtmltopdf keeps only rows
        together. What is collapsed, and any other invoice than that of a month, is
        printed by Odoo in its own way.
        """
        self.ensure_one()
        if not self._is_billing_document():
            return {}
        found, headings = {}, self.env["account.move.line"]
        for line in self._get_move_lines_to_report():
            if line.collapse_composition or line.collapse_prices:
                headings = headings.browse()
            elif line.display_type in ("line_section", "line_subsection"):
                headings += line
            else:
                if headings and line.display_type == "product":
                    found[line] = headings
                headings = headings.browse()
        return found

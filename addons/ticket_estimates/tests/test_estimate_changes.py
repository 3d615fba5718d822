from odoo.tests import tagged

from .common import TicketEstimatesCommon


@tagged("post_install", "-at_install")
class TestEstimateChanges(TicketEstimatesCommon):
    """A revision says what it changes of the estimate the customer knows."""

    def _revise(self, former, **values):
        revision = former._revise()
        revision.write(values)
        return revision

    def _get_page(self, estimate):
        values = {"estimate": estimate, "is_html_empty": lambda html: not html}
        return str(
            self.env["ir.qweb"]._render(
                "ticket_estimates.portal_estimate_terms", values
            )
        )

    def test_a_first_estimate_changes_nothing(self):
        self.assertFalse(self._create_estimate().changes)

    def test_a_revision_names_hours_and_total_before_and_after(self):
        former = self._create_estimate(hours=4.0, price_unit=100.0, state="approved")
        revision = self._revise(former, estimated_hours=6.0)
        lines = revision.changes.split("\n")
        self.assertIn("Estimated effort: 6.00 h instead of 4.00 h", lines)
        self.assertTrue(lines[1].startswith("Total: "), lines)

    def test_equal_terms_are_left_out(self):
        former = self._create_estimate(hours=4.0, state="approved")
        revision = self._revise(former, validity_date=former.validity_date)
        self.assertFalse(revision.changes)

    def test_a_new_scope_is_mentioned(self):
        former = self._create_estimate(scope="<p>Printer</p>", state="approved")
        revision = self._revise(
            former, scope="<p>Scanner</p>", validity_date=former.validity_date
        )
        self.assertEqual(revision.changes, "The description of the scope has changed.")

    def test_drafts_that_the_customer_never_saw_are_no_measure(self):
        former = self._create_estimate(hours=4.0, state="approved")
        self._create_estimate(hours=5.0)
        revision = self._create_estimate(hours=6.0, validity_date=former.validity_date)
        self.assertIn("instead of 4.00 h", revision.changes)

    def test_estimates_of_a_former_customer_are_no_measure(self):
        self._create_estimate(hours=4.0, state="approved")
        self.ticket.partner_id = self._create_customer(name="Other")
        self.assertFalse(self._create_estimate(hours=6.0).changes)

    def test_the_customer_reads_the_changes_on_the_page(self):
        former = self._create_estimate(hours=4.0, state="approved")
        revision = self._revise(former, estimated_hours=6.0)
        revision._mark_sent()
        page = self._get_page(revision)
        self.assertIn("Changed since revision 1", page.replace("<span>", ""))
        self.assertIn("6.00 h instead of 4.00 h", page)

    def test_a_first_estimate_has_no_changes_on_the_page(self):
        self.assertNotIn("Changed since", self._get_page(self._create_estimate()))

from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import TicketEstimatesCommon


class TemplatesCommon(TicketEstimatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.senior = cls._create_product(name="Senior Hour", list_price=120.0)
        cls.template = cls._create_template()
        cls.helpdesk = cls._create_user("te_desk", "helpdesk_mgmt.group_helpdesk_user")
        cls.manager = cls._create_user(
            "te_manager", "helpdesk_mgmt.group_helpdesk_manager"
        )
        cls.billing = cls._create_user("te_bill", "account.group_account_invoice")

    @classmethod
    def _create_template(cls, **values):
        return cls.env["helpdesk.ticket.estimate.template"].create(
            {
                "name": "Workplace",
                "estimated_hours": 4.0,
                "hours_min": 2.0,
                "hours_max": 12.0,
                "product_id": cls.senior.id,
                "scope": "<p>Set up a workplace</p>",
                "internal_note": "<p>Take cables along</p>",
                **values,
            }
        )

    @classmethod
    def _create_from_template(cls, **values):
        return cls.env["helpdesk.ticket.estimate"].create(
            {"ticket_id": cls.ticket.id, "template_id": cls.template.id, **values}
        )


@tagged("post_install", "-at_install")
class TestEstimateTemplates(TemplatesCommon):
    def test_a_template_fills_an_estimate(self):
        estimate = self._create_from_template()
        self.assertRecordValues(
            estimate,
            [
                {
                    "estimated_hours": 4.0,
                    "hours_min": 2.0,
                    "hours_max": 12.0,
                    "product_id": self.senior.id,
                    "price_unit": 120.0,
                    "amount_untaxed": 480.0,
                }
            ],
        )
        self.assertIn("Set up a workplace", estimate.scope)
        self.assertIn("Take cables along", estimate.internal_note)

    def test_values_given_beside_a_template_win(self):
        estimate = self._create_from_template(
            estimated_hours=6.0, scope="<p>Two workplaces</p>", price_unit=99.0
        )
        self.assertEqual(estimate.estimated_hours, 6.0)
        self.assertEqual(estimate.price_unit, 99.0)
        self.assertIn("Two workplaces", estimate.scope)
        self.assertEqual(estimate.hours_max, 12.0)

    def test_values_written_beside_a_template_win(self):
        estimate = self._create_estimate(8.0)
        estimate.write({"template_id": self.template.id, "estimated_hours": 3.0})
        self.assertEqual(estimate.estimated_hours, 3.0)
        self.assertEqual(estimate.hours_min, 2.0)

    def test_a_template_without_service_leaves_the_service_of_the_company(self):
        self.template.product_id = False
        self.assertEqual(self._create_from_template().product_id, self.product)

    def test_the_form_fills_in_and_keeps_what_is_changed(self):
        model = self.env["helpdesk.ticket.estimate"].with_user(self.helpdesk)
        with Form(model.with_context(default_ticket_id=self.ticket.id)) as form:
            form.template_id = self.template
            self.assertEqual(form.amount_untaxed, 480.0)
            self.assertEqual(form.expected_hours, 5.0)
            form.estimated_hours = 5.0
        self.assertEqual(form.record.estimated_hours, 5.0)
        self.assertEqual(form.record.product_id, self.senior)

    def test_leaving_out_the_template_keeps_the_values(self):
        estimate = self._create_from_template()
        estimate.template_id = False
        self.assertEqual(estimate.estimated_hours, 4.0)
        self.assertIn("Set up a workplace", estimate.scope)

    def test_the_scope_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").scope = "<p>Einen Arbeitsplatz</p>"
        self.customer.lang = "de_DE"
        self.assertIn("Einen Arbeitsplatz", self._create_from_template().scope)

    def test_the_template_of_an_estimate_with_the_customer_stays(self):
        estimate = self._create_from_template()
        estimate._mark_sent()
        with self.assertRaisesRegex(UserError, "Withdraw it"):
            estimate.template_id = False

    def test_an_edited_template_changes_no_estimate(self):
        estimate = self._create_from_template()
        self.template.write({"estimated_hours": 9.0, "scope": "<p>Other</p>"})
        self.assertEqual(estimate.estimated_hours, 4.0)
        self.assertIn("Set up a workplace", estimate.scope)

    def test_a_revision_keeps_hours_that_differ_from_the_template(self):
        estimate = self._create_from_template(estimated_hours=6.0)
        estimate._mark_sent()
        revision = estimate._revise()
        self.assertEqual(revision.template_id, self.template)
        self.assertEqual(revision.estimated_hours, 6.0)
        self.assertEqual(revision.hours_max, 12.0)

    def test_only_templates_for_the_category_of_the_ticket_are_offered(self):
        categories = self.env["helpdesk.ticket.category"].create(
            [{"name": "Network"}, {"name": "Print"}]
        )
        network = self._create_template(category_ids=categories[0].ids)
        printing = self._create_template(category_ids=categories[1].ids)
        self.ticket.category_id = categories[0]
        estimate = self._create_estimate()
        domain = estimate._fields["template_id"].domain
        names = {"ticket_category_id": estimate.ticket_category_id.id}
        offered = self.template.search(safe_eval(domain, names))
        self.assertIn(network, offered)
        self.assertIn(self.template, offered)
        self.assertNotIn(printing, offered)

    def test_a_copy_says_that_it_is_one(self):
        self.assertEqual(self.template.copy().name, "Workplace (copy)")

    def test_a_template_counts_and_opens_its_estimates(self):
        estimate = self._create_from_template()
        self._create_estimate()
        self.assertEqual(self.template.estimate_count, 1)
        action = self.template.action_view_estimates()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, estimate)

    def test_a_service_not_measured_in_time_is_refused(self):
        piece = self._create_product(uom_id=self.env.ref("uom.product_uom_unit").id)
        with self.assertRaisesRegex(ValidationError, "measured in time"):
            self.template.product_id = piece

    def test_a_used_service_cannot_be_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.senior.unlink()


@tagged("post_install", "-at_install")
class TestTemplateRoles(TemplatesCommon):
    def test_helpdesk_users_read_templates_only(self):
        template = self.template.with_user(self.helpdesk)
        self.assertEqual(template.name, "Workplace")
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation):
                self.assertFalse(template.has_access(operation))

    def test_helpdesk_managers_make_templates(self):
        templates = self.env["helpdesk.ticket.estimate.template"]
        template = templates.with_user(self.manager).create(
            {"name": "Backup", "estimated_hours": 2.0}
        )
        template.estimated_hours = 3.0
        self.assertTrue(template.has_access("unlink"))

    def test_others_read_no_template(self):
        portal = self._create_user("te_customer", "base.group_portal")
        for user in (self.billing, portal):
            with self.subTest(user.login):
                self.assertFalse(self.template.with_user(user).has_access("read"))

    def test_a_billing_user_opens_an_estimate_made_from_a_template(self):
        estimate = self._create_from_template()
        form = Form(estimate.with_user(self.billing))
        self.assertEqual(form.estimated_hours, 4.0)

    def test_bounds_are_for_the_team_only(self):
        estimate = self._create_from_template().with_user(self.billing)
        estimate.read(["estimated_hours"])
        for name in ("hours_min", "hours_max", "expected_hours", "template_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                estimate.read([name])

    def test_a_template_of_another_company_is_neither_seen_nor_used(self):
        second = self.env["res.company"].create({"name": "Second"})
        template = self._create_template(company_id=second.id, product_id=False)
        self.assertFalse(template.with_user(self.manager).has_access("read"))
        with self.assertRaisesRegex(UserError, "no company crossover"):
            self._create_from_template(template_id=template.id)


@tagged("post_install", "-at_install")
class TestEstimateBounds(TemplatesCommon):
    def test_bounds_are_optional(self):
        estimate = self._create_estimate(4.0)
        self.assertEqual((estimate.hours_min, estimate.hours_max), (0.0, 0.0))
        self.assertEqual(estimate.expected_hours, 4.0)

    def test_bounds_give_the_expected_hours(self):
        estimate = self._create_estimate(4.0, hours_min=2.0, hours_max=12.0)
        self.assertEqual(estimate.expected_hours, 5.0)

    def test_estimated_hours_outside_the_bounds_are_refused(self):
        for values in ({"hours_min": 5.0}, {"hours_max": 3.0}, {"hours_min": -1.0}):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
            ):
                self._create_estimate(4.0, **values)

    def test_a_template_outside_its_bounds_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
        ):
            self._create_template(hours_max=3.0)

    def test_bounds_equal_to_the_estimate_are_allowed(self):
        estimate = self._create_estimate(4.0, hours_min=4.0, hours_max=4.0)
        self.assertEqual(estimate.expected_hours, 4.0)

    def test_bounds_are_frozen_once_sent(self):
        estimate = self._create_estimate(4.0, hours_max=6.0, state="sent")
        for values in ({"hours_min": 1.0}, {"hours_max": 9.0}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Withdraw"):
                estimate.write(values)

"""What stands in a firm's database: figures, files, versions; runs inside Odoo."""

import base64

from odoo import SUPERUSER_ID

OURS = ("monthly_billing", "ticket_estimates", "volume_discount")
#: tables that an installation must not write
TABLES = ("account_analytic_line", "account_move", "account_move_line")
MIGRATED = ("ticket_estimates", "volume_discount")
RULES = {
    "volume_discount_rule_company": "company_id",
    "volume_discount_tier_rule_company": "discount_id.company_id",
}
TEMPLATES = {"sent": SUPERUSER_ID, "reminder": 2}


def read_years(env):
    """Return the hours by month, from the database alone."""
    env.cr.execute(
        """SELECT date_trunc('month', date)::date, SUM(unit_amount)
             FROM account_analytic_line GROUP BY 1"""
    )
    return {str(month): float(hours) for month, hours in env.cr.fetchall()}


def read_versions(env):
    """Return what changes when a row is written: by table its rows' versions."""
    versions = {}
    for table in TABLES:
        env.cr.execute(
            f"""SELECT count(*), md5(string_agg(id || ' ' || xmin || ' ' || ctid, ','
                                     ORDER BY id)) FROM {table}"""
        )
        versions[table] = list(env.cr.fetchone())
    return versions


def read_first_day(env):
    """Return the first day of which time is billed."""
    env.flush_all()
    env.cr.execute(
        """SELECT MIN(date) FROM billing_allocation
             JOIN account_analytic_line AS entry ON entry.id = timesheet_id"""
    )
    return str(env.cr.fetchone()[0])


def read_native(env):
    """Return what must outlive the product: invoices, journal items, time, files."""
    queries = {
        "invoices": """SELECT name, state, payment_state, amount_untaxed, amount_tax,
                              amount_total, amount_residual
                         FROM account_move ORDER BY id""",
        "lines": """SELECT move_id, display_type, name, quantity, price_unit, debit,
                           credit, account_id, tax_line_id, reconciled
                      FROM account_move_line ORDER BY id""",
        "entries": """SELECT id, date, name, unit_amount, project_id, task_id,
                             employee_id, partner_id, amount
                        FROM account_analytic_line ORDER BY id""",
        "files": """SELECT res_id, name, checksum FROM ir_attachment
                     WHERE res_model = 'account.move' ORDER BY id""",
    }
    result = {}
    for name, query in queries.items():
        env.cr.execute(query)
        result[name] = [[str(value) for value in row] for row in env.cr.fetchall()]
    pdfs = env["account.move"].search([("invoice_pdf_report_file", "!=", False)])
    result["pdfs"] = [
        base64.b64decode(move.invoice_pdf_report_file).decode() for move in pdfs
    ]
    return result


def read_figures(env):
    """Return everything that was billed, ours and native."""
    figures = read_native(env)
    for table in (
        "billing_agreement",
        "billing_period",
        "billing_allocation",
        "helpdesk_ticket_estimate",
        "volume_discount_tier",
    ):
        env.cr.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY id")
        figures[table] = [row for (row,) in env.cr.fetchall()]
    env.cr.execute(
        """SELECT id, ticket_id, service_month, billing_kind, volume_discount_id
             FROM account_move_line ORDER BY id"""
    )
    figures["our columns"] = [list(map(str, row)) for row in env.cr.fetchall()]
    deviations = env["billing.allocation"]._find_deviations()
    figures["deviations"] = [one.text for one in deviations]
    return figures


def read_migrated(env):
    modules = env["ir.module.module"].search([("name", "in", MIGRATED)])
    stages = env["helpdesk.ticket.stage"].search([("is_cancellation", "=", True)])
    return {
        "versions": {m.name: [m.latest_version, m.installed_version] for m in modules},
        "rules": [env.ref(f"volume_discount.{name}").domain_force for name in RULES],
        "cancellations": sorted(stages.get_external_id().values()),
        "mails": {
            name: env.ref(f"ticket_estimates.mail_template_estimate_{name}").body_html
            for name in TEMPLATES
        },
    }


def read_left(env):
    """Return what of ours is left in the database: models, columns, rights, jobs."""
    env.cr.execute(
        """SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public'
              AND (table_name LIKE 'billing\\_%%'
                   OR table_name LIKE 'volume\\_discount%%'
                   OR column_name LIKE '%%billing_period%%'
                   OR column_name IN ('volume_discount_id', 'non_billable'))"""
    )
    columns = [name for (name,) in env.cr.fetchall()]
    data = env["ir.model.data"].search([("module", "in", OURS)])
    return {"columns": columns, "records": data.mapped("complete_name")}

"""Documents that are posted already stay from now on as they are now."""

from odoo.tools import split_every

BATCH = 200


def post_init_hook(env):
    """Keep what each posted document of a month says; one that has it keeps it."""
    moves = env["account.move"]
    documents = moves.search(
        [
            ("billing_period_id", "!=", False),
            ("state", "=", "posted"),
            ("posted_facts", "=", False),
        ]
    )
    for ids in split_every(BATCH, documents.ids):
        env.add_to_compute(moves._fields["posted_facts"], moves.browse(ids))
        env.flush_all()
        env.invalidate_all()

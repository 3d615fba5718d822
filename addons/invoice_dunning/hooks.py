from .followup import check_alone


def pre_init_hook(env):
    """Refuse to stand beside another addon that reminds of the same invoices.

    :raise UserError: if there is one, in words that say what to do
    """
    check_alone(env)


def post_init_hook(env):
    """Give each company that is there the usual levels of reminders."""
    env["res.company"].search([])._create_dunning_levels()

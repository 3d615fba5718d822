def post_init_hook(env):
    """Give each company that is there the usual levels of reminders."""
    env["res.company"].search([])._create_dunning_levels()

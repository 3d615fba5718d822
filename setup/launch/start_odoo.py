"""Odoo's command line as a file: with workers, Odoo starts itself again by its path.

It lies in a folder of its own, since Python finds the modules beside it first.
"""

from odoo.cli.command import main

if __name__ == "__main__":
    main()

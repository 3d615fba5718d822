"""Claims from late payment as plain values: no Odoo, exact decimals."""

from . import account_analytic_line, sale_order_line

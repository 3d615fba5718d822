from . import test_sales_or_month

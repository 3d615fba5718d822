from . import (
    test_adjusted_taxes,
    test_content,
    test_facts,
    test_language,
    test_mixed_rates,
    test_payment_terms,
    test_preflight,
    test_rules,
    test_sent,
    test_tax_changes,
    test_texts,
)

from . import test_content, test_facts, test_preflight

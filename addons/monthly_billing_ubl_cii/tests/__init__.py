from . import test_content

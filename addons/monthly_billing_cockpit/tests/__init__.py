from . import (
    test_cockpit,
    test_cockpit_browser,
    test_cockpit_delivery,
    test_cockpit_signals,
    test_cockpit_time,
)

"""Whatever stops the monthly run: one more run and all time is billed exactly once."""

import time

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

#: share of the steps of a whole run
MOMENTS = st.floats(0, 1, allow_nan=False)


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(moments=st.tuples(MOMENTS, MOMENTS))
def test_run_killed_before_any_statement_is_completed(workshop, undisturbed, moments):
    workshop.restore()
    for moment in moments:
        at = 1 + int(moment * undisturbed.steps)
        workshop.start("fault_run:run_jobs", "kill", at).wait()
        workshop.check_sound()
    workshop.check_completed(undisturbed)


def test_run_killed_again_and_again_comes_to_its_end(firm, undisturbed):
    patience, killed = undisturbed.seconds / 4, 0
    while True:
        run = firm.start("fault_run:run_jobs")
        end = time.monotonic() + patience
        while run.is_running and time.monotonic() < end:
            time.sleep(0.01)
        run.kill()
        if not run.wait():
            break
        patience, killed = patience * 1.5, killed + 1
    assert killed
    firm.check_completed(undisturbed)


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(moment=MOMENTS)
def test_run_without_server_is_completed_when_it_is_back(workshop, undisturbed, moment):
    workshop.restore()
    at = 1 + int(moment * undisturbed.steps)
    workshop.start("fault_run:run_jobs", "disconnect", at).wait()
    workshop.open()
    workshop.check_completed(undisturbed)

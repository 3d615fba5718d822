import time
F=open("/tmp/instafail.log","a",buffering=1)
T={}
def pytest_runtest_logreport(report):
    if report.when=="call" or report.failed:
        F.write(f"{time.strftime('%H:%M:%S')} {report.outcome} {report.nodeid.split('/')[-1]} {report.duration:.1f}s\n")
    if report.failed:
        F.write(report.longreprtext[-2500:]+"\n----\n")

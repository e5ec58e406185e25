"""A flow that writes one line each time it really runs.

With START_LINE in the environment, a process that loads this flow waits there until as many as
RUNNERS have come: they then ask the server for the same run in the same moment.
"""

import os
import time
from pathlib import Path

from prefect import Flow, Parameter, task

if "START_LINE" in os.environ:
    start_line = Path(os.environ["START_LINE"])
    (start_line / str(os.getpid())).touch()
    for _ in range(300):
        if len(list(start_line.iterdir())) >= int(os.environ["RUNNERS"]):
            break
        time.sleep(0.1)


@task
def enter(path):
    """Write that line, and take long enough for another process to notice."""
    with Path(path).open("a") as file:
        file.write("entered\n")
    time.sleep(1)


with Flow("ledger") as flow:
    enter(Parameter("path"))

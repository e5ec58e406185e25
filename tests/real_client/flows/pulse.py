"""A flow that tells whether a heartbeat process runs beside it."""

import prefect
import psutil
from prefect import Flow, task


@task
def feel():
    """Count our own children that send heartbeats."""
    commands = [child.cmdline() for child in psutil.Process().children()]
    beating = sum("heartbeat" in command for command in commands)
    prefect.context["logger"].info("Heartbeat processes: %s", beating)


with Flow("pulse") as flow:
    feel()

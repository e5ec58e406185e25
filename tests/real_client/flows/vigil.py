"""A flow that runs until it is told to stop (or for two minutes at most)."""

import time

import prefect
from prefect import Flow, task


@task
def watch():
    """Stay awake."""
    prefect.context["logger"].info("Watching")
    for _ in range(1200):
        time.sleep(0.1)


@task
def report(seen):
    """What comes after."""
    return seen


with Flow("vigil") as flow:
    report(watch())

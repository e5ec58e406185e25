"""A flow that fails, with a task that never gets its turn."""

import prefect
from prefect import Flow, task


@task
def forecast():
    """Fail with more than one level of traceback."""
    prefect.context["logger"].info("Looking at the sky")
    return read_barometer()


def read_barometer():
    """Where it goes wrong."""
    raise RuntimeError("the barometer is [broken]")


@task
def plant(weather):
    """Wait for a forecast that does not come."""
    return weather


with Flow("storm") as flow:
    plant(forecast())

"""A flow with a task that waits until somebody says yes."""

import prefect
from prefect import Flow, task
from prefect.engine.results import PrefectResult
from prefect.triggers import manual_only


@task(result=PrefectResult())
def offer():
    """What is asked about; kept in the state, where the process that goes on finds it."""
    prefect.context["logger"].info("Offered a cow")
    return "a cow"


@task(trigger=manual_only)
def sell(what):
    """Done only after a yes."""
    prefect.context["logger"].info("Sold %s", what)


with Flow("sale") as flow:
    sell(offer())

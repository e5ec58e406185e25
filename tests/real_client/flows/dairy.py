"""A flow with the rarer things tasks do: keep a result for a while, loop, and give names."""

from datetime import timedelta

import prefect
from prefect import Flow, Parameter, task
from prefect.engine.results import PrefectResult
from prefect.engine.signals import LOOP
from prefect.tasks.prefect import RenameFlowRun


@task(cache_for=timedelta(hours=1), result=PrefectResult())
def warm():
    """Done once an hour however many runs need it."""
    prefect.context["logger"].info("Warming milk")
    return 37


@task
def stir():
    """Done three times over."""
    times = prefect.context.get("task_loop_count", 1)
    if times < 3:
        raise LOOP(message=f"stirred {times} times")
    return times


@task(task_run_name="a wheel of {weight} kg")
def press(weight, warmth, stirred):
    """Named after what it is given."""
    return weight * warmth * stirred


@task
def rename(name):
    """Give the run itself a name."""
    RenameFlowRun().run(flow_run_id=prefect.context["flow_run_id"], flow_run_name=name)


with Flow("dairy") as flow:
    press(Parameter("weight", default=4), warm(), stir())
    rename("Monday's cheese")

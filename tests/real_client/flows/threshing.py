"""A flow whose mapped task runs in many threads at once, so that many states are set at once."""

from prefect import Flow, task
from prefect.executors import LocalDaskExecutor


@task
def sheaf(number):
    """One of many."""
    return number


@task
def total(sheaves):
    """All of them."""
    return sum(sheaves)


with Flow("threshing", executor=LocalDaskExecutor(scheduler="threads", num_workers=8)) as flow:
    total(sheaf.map(list(range(24))))

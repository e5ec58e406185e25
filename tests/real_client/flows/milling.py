"""A flow whose mapped task runs in the worker processes of a Dask cluster of its own."""

from prefect import Flow, task
from prefect.executors import DaskExecutor


@task
def sack(number):
    """One of many."""
    return number


@task
def flour(sacks):
    """What all of them give."""
    return sum(sacks)


CLUSTER = {"n_workers": 2, "threads_per_worker": 2, "dashboard_address": None, "host": "127.0.0.1"}

with Flow("milling", executor=DaskExecutor(cluster_kwargs=CLUSTER)) as flow:
    flour(sack.map(list(range(8))))

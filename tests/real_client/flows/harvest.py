"""The flow most stories are about: parameters, a mapped task, and a task that needs a second try.

Run as a script it registers itself: `python harvest.py PROJECT [IDEMPOTENCY KEY]`.
"""

import sys
from datetime import timedelta

import prefect
from prefect import Flow, Parameter, task
from prefect.engine.results import PrefectResult


@task
def rows(count, farm):
    """The rows of the field, as many as were asked for."""
    prefect.context["logger"].info("Walking the %s rows of %s", count, farm)
    return list(range(count))


@task
def pick(row):
    """What one row gives."""
    prefect.context["logger"].info("Picking row %s", row)
    return 10 * (row + 1)


@task(max_retries=2, retry_delay=timedelta(seconds=1), result=PrefectResult())
def weigh(crop):
    """The weight of all rows, on a scale that is never ready at once; kept in the state."""
    if prefect.context["task_run_count"] == 1:
        raise ValueError("the scale is not level yet")
    prefect.context["logger"].warning("Weighed %s kg", sum(crop))
    return sum(crop)


with Flow("harvest") as flow:
    count = Parameter("count", default=2)
    farm = Parameter("farm", default="Hilltop")
    weigh(pick.map(rows(count, farm)))


if __name__ == "__main__":
    project, *key = sys.argv[1:]
    print(flow.register(project, idempotency_key=key[0] if key else None))

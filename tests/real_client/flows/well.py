"""A flow whose task is tagged, so that a limit can hold it back."""

from prefect import Flow, task


@task(tags=["well"])
def draw():
    """One bucket at a time."""
    return "water"


with Flow("well") as flow:
    draw()

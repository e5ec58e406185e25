"""A flow that starts another one and waits for it."""

from prefect import Flow, Parameter
from prefect.tasks.prefect import create_flow_run, wait_for_flow_run

with Flow("market") as flow:
    ordered = create_flow_run(
        flow_name="harvest",
        project_name=Parameter("project"),
        parameters={"count": 1, "farm": "Riverside"},
        run_name="harvest for the market",
    )
    wait_for_flow_run(ordered, stream_logs=True, raise_final_state=True)

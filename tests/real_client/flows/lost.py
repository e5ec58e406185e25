"""A flow that no agent on this machine can start."""

from prefect import Flow, Parameter
from prefect.run_configs import LocalRun

with Flow("lost", run_config=LocalRun(working_dir="/no/such/folder")) as flow:
    flow.add_task(Parameter("anything", default=None))

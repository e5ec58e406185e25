"""Every mutation that is served is asked here, in a client's own form."""

from __future__ import annotations

import re
from pathlib import Path

from flowtui.server.mutations import MUTATIONS
from flowtui.server.schema import served_schema

ANSWERS = {
    "set_flow_run_states": "set_flow_run_states_payload",
    "set_task_run_states": "set_task_run_states_payload",
    "cancel_flow_run": "cancel_flow_run_payload",
    "get_or_create_task_run": "task_run_id_payload",
    "get_or_create_task_run_info": "get_or_create_task_run_info_payload",
    "get_runs_in_queue": "runs_in_queue_payload",
    "create_flow_run": "flow_run_id_payload",
    "create_flow": "flow_id_payload",
    "create_project": "project_id_payload",
    "create_tenant": "tenant_id_payload",
    "create_cloud_hook": "cloud_hook_id_payload",
    "register_agent": "agent_id_payload",
    "write_run_logs": "success_payload",
}
"""What answers are called: clients keep them by these names, and fragments are on them."""

HERE = Path(__file__).parent


def test_every_mutation_is_asked() -> None:
    asked = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert sorted(name for name in MUTATIONS if not re.search(rf'"{name}"', asked)) == []


def test_answers_have_the_names_that_clients_keep_them_by() -> None:
    mutations = served_schema().mutation_type
    assert mutations is not None
    named = {name: str(mutations.fields[name].type) for name in ANSWERS}
    assert named == ANSWERS
    states = served_schema().type_map["set_flow_run_states_payload"]
    assert str(states.fields["states"].type) == "[set_flow_run_state_payload!]"  # type: ignore[attr-defined]

"""What the simulated agent asks of the API: the documents that a real agent and its flow processes
send, over one HTTP connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from flowtui.demo.crew import CORE_VERSION
from flowtui.errors import NotUnderstood, Refused, Unreachable

TENANT = "query { tenant { id } }"

REGISTER = """
mutation ($input: register_agent_input!) { register_agent(input: $input) { id } }
"""

QUEUE = """
mutation ($input: get_runs_in_queue_input!) { get_runs_in_queue(input: $input) { flow_run_ids } }
"""

_RUN = """
    id name version state start_time parameters scheduled_start_time
    flow {
      name version
      tasks { id name slug mapped max_retries }
      edges { upstream_task { slug } downstream_task { slug } }
    }
    task_runs(where: { _or: [{ map_index: { _eq: -1 } }, { state: { _eq: "Pending" } }] }) {
      id state map_index task { slug }
    }
"""

RUNS = f"query ($ids: [uuid!]) {{ flow_run(where: {{ id: {{ _in: $ids }} }}) {{ {_RUN} }} }}"

UNDER_WAY = f"""
query ($agent: uuid, $since: timestamptz) {{
  flow_run(where: {{
    agent_id: {{ _eq: $agent }}
    _or: [
      {{ state: {{ _eq: "Running" }} }}
      {{ state: {{ _eq: "Submitted" }}, state_timestamp: {{ _gt: $since }} }}
    ]
  }}) {{ {_RUN} }}
}}
"""

STATE = "query ($id: uuid!) { flow_run_by_pk(id: $id) { state version } }"

TASK_RUN = """
mutation ($input: get_or_create_task_run_info_input!) {
  get_or_create_task_run_info(input: $input) { id version }
}
"""

SET_FLOW_RUN = """
mutation ($input: set_flow_run_states_input!) {
  set_flow_run_states(input: $input) { states { id status message } }
}
"""

SET_TASK_RUN = """
mutation ($input: set_task_run_states_input!) {
  set_task_run_states(input: $input) { states { id status message } }
}
"""

LOGS = "mutation ($input: write_run_logs_input!) { write_run_logs(input: $input) { success } }"

HEARTBEAT = """
mutation ($input: update_flow_run_heartbeat_input!) {
  update_flow_run_heartbeat(input: $input) { success }
}
"""

TIMEOUT = 15.0
"""Seconds; what Prefect's own client waits."""


class Api:
    """The far end; `transport` takes the place of the network."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT,
            transport=transport,
            headers={"X-PREFECT-CORE-VERSION": CORE_VERSION},
            trust_env=False,
        )

    def introduce(self, agent_id: str) -> None:
        """Say from now on which agent asks."""
        self._client.headers["X-PREFECT-AGENT-ID"] = agent_id

    async def ask(self, document: str, **variables: Any) -> Mapping[str, Any]:
        """The `data` of an answer. Raises Refused, Unreachable or NotUnderstood."""
        body = {"query": document, "variables": variables}
        try:
            answer = (await self._client.post(self._url, json=body)).json()
        except httpx.HTTPError as error:
            raise Unreachable(f"{self._url} does not answer: {error}.") from error
        except ValueError as error:
            raise NotUnderstood(f"{self._url} answers in something else than JSON.") from error
        if answer.get("errors"):
            raise Refused(str(answer["errors"][0].get("message")))
        data: Mapping[str, Any] = answer["data"]
        return data

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

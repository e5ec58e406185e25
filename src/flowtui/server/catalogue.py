"""Every table of a Prefect Server, said once: columns, keys, relations.

GraphQL types, filters, ordering, aggregates, SQL and the writes of the services are derived from
what stands here. How it is written is told in `tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flowtui.server.tables import EVERY_TABLE, Table, columns, many, one, table

# What a flow run and a task run know of their present state.
_RUN_STATE: Final = """
    heartbeat: timestamptz
    start_time: timestamptz
    end_time: timestamptz
    version: Int! = 0
    state: String
    state_message: String
    state_timestamp: timestamptz
    state_start_time: timestamptz
    state_result: jsonb
    serialized_state: jsonb
"""

# A state that was, of a flow run or a task run.
_STATE: Final = """
    tenant_id: uuid -> tenant
    timestamp: timestamptz! = now
    state: String!
    message: String
    result: jsonb
    start_time: timestamptz
    serialized_state: jsonb!
    version: Int = 1
"""

_TABLES: Final = (
    table(
        "tenant",
        """
        name: String!
        slug: String!
        info: jsonb
        settings: jsonb! = {}
        """,
        many("flow_groups", "flow_group", via="tenant_id"),
        many("flows", "flow", via="tenant_id"),
        many("projects", "project", via="tenant_id"),
        uniques=(("slug",),),
        # Prefect's client works for whichever tenant comes first.
        comes_by=("created", "id"),
    ),
    table(
        "project",
        """
        tenant_id: uuid -> tenant
        name: String!
        description: String
        """,
        one("tenant"),
        many("flows", "flow", via="project_id"),
        uniques=(("tenant_id", "name"),),
    ),
    table(
        "flow_group",
        """
        tenant_id: uuid -> tenant
        name: String
        description: String
        labels: jsonb
        schedule: jsonb
        settings: jsonb! = {}
        default_parameters: jsonb! = {}
        run_config: jsonb
        """,
        one("tenant"),
        many("flows", "flow", via="flow_group_id"),
    ),
    table(
        "flow",
        """
        tenant_id: uuid -> tenant
        project_id: uuid! -> project
        flow_group_id: uuid! -> flow_group
        version: Int
        version_group_id: String
        name: String!
        description: String
        archived: Boolean! = false
        schedule: jsonb
        is_schedule_active: Boolean! = false
        parameters: jsonb = {}
        serialized_flow: jsonb
        environment: jsonb
        run_config: jsonb
        storage: jsonb
        core_version: String
        settings: jsonb! = {}
        """,
        one("flow_group"),
        one("project"),
        one("tenant"),
        many("edges", "edge", via="flow_id"),
        many("flow_runs", "flow_run", via="flow_id"),
        many("tasks", "task", via="flow_id"),
    ),
    table(
        "task",
        """
        flow_id: uuid! -> flow
        tenant_id: uuid -> tenant
        name: String
        slug: String
        type: String
        trigger: String
        cache_key: String
        max_retries: Int
        retry_delay: interval
        tags: jsonb! = []
        auto_generated: Boolean! = false
        description: String
        mapped: Boolean! = false
        is_root_task: Boolean! = false
        is_terminal_task: Boolean! = false
        is_reference_task: Boolean! = false
        """,
        one("flow"),
        many("downstream_edges", "edge", via="upstream_task_id"),
        many("upstream_edges", "edge", via="downstream_task_id"),
        many("task_runs", "task_run", via="task_id"),
        uniques=(("flow_id", "slug"),),
    ),
    table(
        "edge",
        """
        flow_id: uuid! -> flow
        upstream_task_id: uuid! -> task
        downstream_task_id: uuid! -> task
        key: String
        mapped: Boolean! = false
        tenant_id: uuid -> tenant
        """,
        one("flow"),
        one("upstream_task", "task"),
        one("downstream_task", "task"),
        uniques=(("flow_id", "downstream_task_id", "upstream_task_id"),),
    ),
    table(
        "flow_run",
        """
        tenant_id: uuid -> tenant
        flow_id: uuid! -> flow
        agent_id: uuid -> agent?
        name: String
        parameters: jsonb = {}
        context: jsonb
        labels: jsonb! = []
        run_config: jsonb
        scheduled_start_time: timestamptz! = now
        auto_scheduled: Boolean! = false
        idempotency_key: String
        times_resurrected: Int = 0
        """
        + _RUN_STATE,
        one("agent"),
        one("flow"),
        one("tenant"),
        many("logs", "log", via="flow_run_id"),
        many("states", "flow_run_state", via="flow_run_id"),
        many("task_runs", "task_run", via="flow_run_id"),
        uniques=(("idempotency_key", "flow_id"),),
    ),
    table(
        "task_run",
        """
        tenant_id: uuid -> tenant
        flow_run_id: uuid! -> flow_run
        task_id: uuid! -> task
        map_index: Int! = -1
        name: String
        cache_key: String
        """
        + _RUN_STATE,
        one("flow_run"),
        one("task"),
        one("tenant"),
        many("logs", "log", via="task_run_id"),
        many("states", "task_run_state", via="task_run_id"),
        uniques=(("flow_run_id", "task_id", "map_index"),),
    ),
    table(
        "flow_run_state",
        "flow_run_id: uuid! -> flow_run" + _STATE,
        one("flow_run"),
    ),
    table(
        "task_run_state",
        "task_run_id: uuid! -> task_run" + _STATE,
        one("task_run"),
    ),
    table(
        "log",
        """
        flow_run_id: uuid -> flow_run
        task_run_id: uuid -> task_run
        tenant_id: uuid -> tenant
        timestamp: timestamptz! = now
        name: String
        level: String
        message: String
        info: jsonb
        is_loaded_from_archive: Boolean
        """,
        by_pk=False,
    ),
    table(
        "agent",
        """
        tenant_id: uuid! -> tenant
        agent_config_id: uuid -> agent_config?
        name: String
        type: String
        core_version: String
        labels: jsonb! = []
        last_queried: timestamptz = now
        contacts: jsonb
        """,
        one("agent_config"),
        many("flow_runs", "flow_run", via="agent_id"),
    ),
    table(
        "agent_config",
        """
        tenant_id: uuid! -> tenant
        name: String
        settings: jsonb! = {}
        """,
        many("agents", "agent", via="agent_config_id"),
    ),
    table(
        "task_run_artifact",
        """
        tenant_id: uuid! -> tenant
        task_run_id: uuid! -> task_run
        kind: String!
        data: jsonb! = {}
        """,
        one("task_run"),
    ),
    table(
        "cloud_hook",
        """
        tenant_id: uuid -> tenant
        name: String
        type: String!
        states: jsonb
        config: jsonb! = {}
        active: Boolean! = true
        version_group_id: String
        """,
    ),
    table(
        "message",
        """
        tenant_id: uuid! -> tenant
        read: Boolean! = false
        type: String
        text: String
        content: jsonb! = {}
        """,
    ),
    table(
        "flow_concurrency_limit",
        """
        tenant_id: uuid! -> tenant
        name: String!
        limit: Int!
        """,
        uniques=(("tenant_id", "name"),),
    ),
    table(
        "task_concurrency_limit",
        """
        tenant_id: uuid! -> tenant
        name: String!
        limit: Int!
        """,
        uniques=(("tenant_id", "name"),),
    ),
    # A key itself is kept nowhere: what lies here cannot be used to ask for anything.
    table(
        "api_key",
        """
        name: String!
        hash: String!
        user_id: uuid
        default_tenant_id: uuid -> tenant
        expires_at: timestamptz
        """,
        uniques=(("name",), ("hash",)),
        served=False,
    ),
    Table(
        "auth_api_key",
        columns(
            EVERY_TABLE
            + """
            name: String!
            user_id: uuid
            default_tenant_id: uuid
            expires_at: timestamptz
            """
        ),
        stored=False,
        shows="api_key",
    ),
    # Calls that cloud hooks wait for; each goes when it is made.
    table(
        "hook_call",
        """
        cloud_hook_id: uuid! -> cloud_hook
        event: jsonb!
        """,
        served=False,
    ),
    # What the Python client knows the limits of tags by.
    Table(
        "task_tag_limit",
        columns(EVERY_TABLE + "tenant_id: uuid!\ntag: String!\nlimit: Int!"),
        stored=False,
        shows="task_concurrency_limit",
        renamed=(("tag", "name"),),
    ),
    Table(
        "utility_traversal",
        columns("tenant_id: uuid\ntask_id: uuid\ndepth: Int"),
        (one("task"),),
        by_pk=False,
        stored=False,
    ),
)

TABLES: Final[Mapping[str, Table]] = {one.name: one for one in _TABLES}
"""The whole catalogue, by table name."""


def by_reference() -> list[Table]:
    """The tables that rows are kept in, each after those its rows name."""
    ordered: dict[str, Table] = {}

    def add(this: Table) -> None:
        for column in this.columns:
            if column.references and column.references != this.name:
                add(TABLES[column.references])
        ordered.setdefault(this.name, this)

    for each in TABLES.values():
        if each.stored:
            add(each)
    return list(ordered.values())

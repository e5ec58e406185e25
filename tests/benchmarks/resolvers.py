"""The plain way to serve the same questions: graphql-core, a resolver for each field, SQL where
one needs rows.

It is given every advantage that is not the design itself: the database is the same, its connection
is warm, and there is no layer between a resolver and sqlite3.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    build_schema,
    default_field_resolver,
    execute_sync,
    parse,
    validate,
)

from flowtui.server.catalogue import TABLES
from flowtui.server.query import sdl
from flowtui.server.storage.values import LOAD, store_timestamp


class PlainResolvers:
    """A backend that answers one field after another."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.row_factory = sqlite3.Row
        self.schema: GraphQLSchema = build_schema(sdl() + "\ntype Query { hello: String }")
        query = self.schema.query_type
        assert query is not None
        query.fields["flow_run"].resolve = self._flow_runs
        query.fields["flow_run_by_pk"].resolve = self._flow_run
        query.fields["flow_run_aggregate"].resolve = self._count
        self._type("flow_run").fields["flow"].resolve = self._one("flow", "flow_id")
        self._type("flow").fields["project"].resolve = self._one("project", "project_id")
        self._type("flow_run").fields["states"].resolve = self._states
        self._type("flow_run").fields["logs"].resolve = self._logs
        self._type("flow_run").fields["task_runs_aggregate"].resolve = self._task_runs
        for table in (table for table in TABLES.values() if table.served):
            for column in table.columns:
                load = LOAD[column.type]
                if load is not None:
                    self._type(table.name).fields[column.name].resolve = _loaded(column.type)

    def read(self, text: str) -> DocumentNode:
        """A document, parsed and found valid."""
        document = parse(text)
        assert not validate(self.schema, document)
        return document

    def answer(self, document: DocumentNode) -> bytes:
        """The answer to a query, as it goes out."""
        result = execute_sync(self.schema, document)
        assert result.errors is None, result.errors
        return json.dumps({"data": result.data}, separators=(",", ":")).encode()

    def _type(self, name: str) -> Any:
        return self.schema.type_map[name]

    def _rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.execute(sql, parameters)]

    def _flow_runs(self, source: Any, info: Any, **given: Any) -> Any:
        where, limit = given.get("where", {}), given.get("limit", -1)
        if "id" in where:
            return self._rows("SELECT * FROM flow_run WHERE id = ?", where["id"]["_eq"])
        sql = "SELECT * FROM flow_run ORDER BY scheduled_start_time DESC LIMIT ?"
        return self._rows(sql, limit)

    def _flow_run(self, source: Any, info: Any, id: str) -> Any:
        return self._rows("SELECT * FROM flow_run WHERE id = ?", id)[0]

    def _count(self, source: Any, info: Any, where: Any) -> Any:
        sql = """SELECT count(*) AS count FROM flow_run JOIN flow ON flow.id = flow_run.flow_id
            JOIN project ON project.id = flow.project_id
            WHERE flow_run.state = ? AND scheduled_start_time > ? AND project.name = ?"""
        return {
            "aggregate": self._rows(
                sql,
                where["state"]["_eq"],
                store_timestamp(where["scheduled_start_time"]["_gt"]),
                where["flow"]["project"]["name"]["_eq"],
            )[0]
        }

    def _one(self, table: str, key: str) -> Any:
        def resolve(source: dict[str, Any], info: Any) -> Any:
            return self._rows(f'SELECT * FROM "{table}" WHERE id = ?', source[key])[0]

        return resolve

    def _states(self, source: dict[str, Any], info: Any, **given: Any) -> Any:
        sql = "SELECT * FROM flow_run_state WHERE flow_run_id = ? ORDER BY timestamp DESC"
        return self._rows(sql, source["id"])

    def _logs(self, source: dict[str, Any], info: Any, where: Any, limit: int, **given: Any) -> Any:
        sql = """SELECT * FROM log WHERE flow_run_id = ? AND timestamp > ?
            ORDER BY timestamp LIMIT ?"""
        return self._rows(sql, source["id"], store_timestamp(where["timestamp"]["_gt"]), limit)

    def _task_runs(self, source: dict[str, Any], info: Any, **given: Any) -> Any:
        sql, parameters = (
            "SELECT count(*) AS count FROM task_run WHERE flow_run_id = ?",
            [source["id"]],
        )
        if "where" in given:
            sql, parameters = sql + " AND +state = ?", [*parameters, given["where"]["state"]["_eq"]]
        return {"aggregate": self._rows(sql, *parameters)[0]}


def _loaded(type: str) -> Any:
    load = LOAD[type]
    assert load is not None

    def resolve(source: dict[str, Any], info: Any, **given: Any) -> Any:
        value = default_field_resolver(source, info)
        if value is None:
            return None
        value = load(value)
        if type != "timestamptz":
            return value
        text: str = value.isoformat()
        head, _, fraction = text.removesuffix("+00:00").partition(".")
        return head + (f".{fraction.rstrip('0')}" if fraction else "") + "+00:00"

    return resolve

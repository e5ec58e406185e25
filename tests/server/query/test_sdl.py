"""The generated schema: everything the catalogue says, under the names clients know it by."""

from __future__ import annotations

import pytest
from graphql import is_input_type, validate_schema

from flowtui.server.catalogue import TABLES
from flowtui.server.query.compiler import ROOTS
from flowtui.server.storage.dialect import SQLITE

SERVED = [table for table in TABLES.values() if table.served]
NAMES = [table.name for table in SERVED]


def test_what_is_nobody_elses_business_is_not_served(schema):
    hidden = {table.name for table in TABLES.values() if not table.served}
    assert hidden == {"api_key", "hook_call"}
    assert not [name for name in schema.type_map if name.startswith(tuple(hidden))]
    assert "hash" not in schema.type_map["auth_api_key"].fields


def test_the_schema_is_valid(schema):
    assert validate_schema(schema) == []


def test_every_table_column_and_relation_is_there(schema):
    for table in SERVED:
        expected = {column.name for column in table.columns}
        for relation in table.relations:
            expected |= {relation.name}
            expected |= {f"{relation.name}_aggregate"} if relation.to_many else set()
        assert set(schema.type_map[table.name].fields) == expected
        assert {column.name for column in table.columns} == set(
            schema.type_map[f"{table.name}_select_column"].values
        )


def test_every_root_of_a_table_is_compiled(schema):
    beside_the_tables = {"hello", "api", "broken"}
    served = {root for root, (_, table) in ROOTS.items() if TABLES[table].served}
    assert set(schema.query_type.fields) == served | beside_the_tables


def test_logs_have_no_root_by_key(schema):
    assert "flow_run_by_pk" in schema.query_type.fields
    assert "log_by_pk" not in schema.query_type.fields


# Every type by which the web interface and the client declare variables of table queries.
@pytest.mark.parametrize(
    "name",
    [
        *("uuid", "timestamptz", "jsonb", "interval", "_uuid", "UUID", "DateTime", "JSON"),
        *("order_by", "timestamptz_comparison_exp", "uuid_comparison_exp", "String_comparison_exp"),
        *(f"{table}_bool_exp" for table in NAMES),
        *(f"{table}_order_by" for table in NAMES),
    ],
)
def test_the_names_that_clients_declare_variables_by(schema, name):
    assert is_input_type(schema.type_map[name])


def test_every_operator_is_offered_where_it_can_be_compiled(schema):
    for name, operator in SQLITE.operators.items():
        for type in operator.types:
            assert name in schema.type_map[f"{type}_comparison_exp"].fields


def test_what_may_be_null_follows_the_columns(schema):
    run = schema.type_map["flow_run"].fields
    assert str(run["flow_id"].type) == "uuid!"
    assert str(run["state"].type) == "String"
    assert str(run["flow"].type) == "flow!"
    assert str(run["agent"].type) == "agent"
    assert str(run["task_runs"].type) == "[task_run!]!"
    assert str(run["logs_aggregate"].type) == "log_aggregate!"
    assert str(run["parameters"].args["path"].type) == "String"

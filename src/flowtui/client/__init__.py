"""Asks a backend: any Prefect 1 GraphQL API. Models in and out; foreign errors end here."""

from flowtui.client.resting import let_clients_rest

let_clients_rest()

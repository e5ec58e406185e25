"""Asks a backend: any Prefect 1 GraphQL API. Models in and out; foreign errors end here."""

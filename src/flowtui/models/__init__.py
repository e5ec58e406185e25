"""Prefect's vocabulary as values: no input, no output, and nothing that knows who asks."""

"""The real Prefect 1.4.1 (client, command line, local agent, flow runs) against our own server."""

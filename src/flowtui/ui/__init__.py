"""The dashboard: screens over any Prefect 1 backend."""

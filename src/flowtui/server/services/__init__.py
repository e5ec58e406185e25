"""The rules of a Prefect Server, one subject a module; a service decides, and holds no SQL."""

"""Celery. The same translation as api, for time and queues."""

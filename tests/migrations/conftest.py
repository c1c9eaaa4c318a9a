"""What tests of migrations begin with: a database in which nothing stands yet."""

import os
import secrets

import psycopg
import pytest

from tests.conftest import _use  # the fixtures' own way to change the database


@pytest.fixture
def empty(databases, cluster):
    """A database of its own without a single table."""
    name = f"jz_{secrets.token_hex(6)}_empty"
    admin = cluster.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        connection.execute("select pg_advisory_lock(hashtext('jingzhong tests'))")
        _use(cluster.set(database=name).render_as_string(hide_password=False))
        yield name
        _use(databases[0])
        connection.execute(f'drop database "{name}" with (force)')
    assert os.environ["DATABASE_URL"] == databases[0]

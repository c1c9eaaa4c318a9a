"""Tests of the kit: an authority that vouches for servers, and a server that takes a call and says nothing."""

import socket

import pytest

from tests.receivers import LOOPBACK, Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def silent():
    """The port of a server that never says a word."""
    with socket.create_server((LOOPBACK, 0)) as door:
        yield door.getsockname()[1]

"""Real servers in a temporary directory; no Django database is touched."""

import pytest

from fondsportal.services.postgres import THROW_AWAY, Postgres
from fondsportal.services.valkey import Valkey


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    home = tmp_path_factory.mktemp("services")
    server = Postgres(home / "postgres", home / "postgres.log", options=THROW_AWAY)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path):
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    server.start()
    yield server
    server.stop()

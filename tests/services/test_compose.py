from pathlib import Path

import pytest
import yaml

from fondsportal.services.supervisor import COMMANDS

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", COMMANDS)
def test_containers_run_the_supervisor_s_commands(name):
    assert COMPOSE["services"][name]["command"] == COMMANDS[name]


def test_containers_get_the_same_roles():
    [roles] = [each for each in COMPOSE["services"]["postgres"]["volumes"] if "roles.sql" in each]

    assert roles == "./fondsportal/services/roles.sql:/docker-entrypoint-initdb.d/10-roles.sql:ro"


def test_containers_sort_text_as_the_embedded_server_does():
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == "--locale=C.UTF-8"

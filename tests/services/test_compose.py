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


def test_containers_have_an_antivirus_that_takes_the_largest_file_a_question_may_ask_for():
    mounted = "./docker/clamd.conf:/etc/clamav/clamd.conf:ro"
    lines = (ROOT / "docker" / "clamd.conf").read_text().splitlines()
    told = dict(line.split() for line in lines if not line.startswith("#"))

    address = COMPOSE["services"]["web"]["environment"]["CLAMAV_ADDRESS"]
    assert address == f"clamav:{told['TCPSocket']}"
    assert mounted in COMPOSE["services"]["clamav"]["volumes"]
    assert told["StreamMaxLength"] == told["MaxFileSize"] == "200M"  # `max_megabytes` of a question

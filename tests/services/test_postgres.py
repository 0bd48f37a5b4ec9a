import os

import environ
import psycopg
import pytest

from fondsportal.services.postgres import ROLES, THROW_AWAY, Postgres


def connect(server, role, database="portal"):
    return psycopg.connect(server.url(role, database), autocommit=True)


@pytest.fixture
def notes(postgres):
    """A table of portal_owner's with a trigger, as a migration would leave it."""
    with connect(postgres, "portal_owner") as owner:
        owner.execute("CREATE TABLE notes (id serial PRIMARY KEY, text text)")
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
        )
        owner.execute("CREATE TRIGGER frozen BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION refuse()")
        yield "notes"
        owner.execute("DROP TABLE notes")
        owner.execute("DROP FUNCTION refuse")


def test_the_web_role_reads_and_writes(postgres, notes):
    with connect(postgres, "portal_web") as web:
        web.execute("INSERT INTO notes (text) VALUES ('a')")
        web.execute("UPDATE notes SET text = 'b'")

        assert web.execute("SELECT text FROM notes").fetchall() == [("b",)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other (id int)",
        "ALTER TABLE notes DISABLE TRIGGER frozen",
        "ALTER TABLE notes ADD COLUMN more int",
        "DROP TABLE notes",
        "TRUNCATE notes",
        "SET session_replication_role = replica",
        "SET ROLE portal_owner",
        "CREATE EXTENSION unaccent",
    ],
)
def test_the_web_role_cannot_lift_a_trigger_or_shape_a_table(postgres, notes, statement):
    with connect(postgres, "portal_web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_a_trigger_binds_the_web_role(postgres, notes):
    with connect(postgres, "portal_web") as web:
        web.execute("INSERT INTO notes (text) VALUES ('a')")

        with pytest.raises(psycopg.errors.RaiseException):
            web.execute("DELETE FROM notes")


def test_the_owner_may_create_the_extensions_that_search_needs(postgres):
    with connect(postgres, "portal_owner") as owner:
        for name in ("unaccent", "pg_trgm", "btree_gin"):
            owner.execute(f"CREATE EXTENSION {name}")
            owner.execute(f"DROP EXTENSION {name}")


def test_a_test_database_grants_what_the_real_one_does(postgres):
    with connect(postgres, "portal") as superuser:
        superuser.execute("CREATE DATABASE test_portal")
    with connect(postgres, "portal", "test_portal") as superuser:
        superuser.execute("CREATE TABLE notes (id int)")

    with connect(postgres, "portal_web", "test_portal") as web:
        web.execute("INSERT INTO notes VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("CREATE TABLE other (id int)")


def test_preparing_the_roles_again_changes_nothing(postgres):
    question = "SELECT oid, rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'portal%' ORDER BY rolname"
    with connect(postgres, "portal") as superuser:
        before = superuser.execute(question).fetchall()

        superuser.execute(ROLES.read_text())

        assert superuser.execute(question).fetchall() == before
        assert [row[1:] for row in before] == [
            ("portal", True),
            ("portal_owner", False),
            ("portal_web", False),
        ]


def test_django_reads_the_address(postgres):
    settings = environ.Env.db_url_config(postgres.url("portal_web"))

    assert (settings["NAME"], settings["USER"]) == ("portal", "portal_web")
    assert settings["OPTIONS"] == {"host": str(postgres.quarters.runtime)}


def test_the_socket_is_out_of_reach_of_other_accounts(postgres):
    found = postgres.quarters.runtime.stat()

    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == postgres.quarters.uid != 0


def test_a_second_manager_adopts_the_server_and_stops_it(tmp_path):
    first = Postgres(tmp_path / "postgres", tmp_path / "log", options=THROW_AWAY)
    first.start()
    second = Postgres(tmp_path / "postgres", tmp_path / "log", options=THROW_AWAY)

    second.start()

    assert (second.process, second.pid()) == (None, first.pid())
    second.stop()
    assert first.process.wait() == 0
    assert not second.quarters.runtime.exists()


def test_a_pid_that_went_to_another_process_is_no_obstacle(tmp_path):
    server = Postgres(tmp_path / "postgres", tmp_path / "log", options=THROW_AWAY)
    server.start()
    stale = (tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()
    server.stop()
    # Our own pid stands for the stranger's.
    stale[0] = str(os.getppid())
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join(stale) + "\n")
    if server.quarters.lowered:
        os.chown(tmp_path / "postgres" / "postmaster.pid", server.quarters.uid, server.quarters.gid)

    again = Postgres(tmp_path / "postgres", tmp_path / "log", options=THROW_AWAY)
    again.start()

    assert again.pid() == again.process.pid
    again.stop()
    os.kill(os.getppid(), 0)

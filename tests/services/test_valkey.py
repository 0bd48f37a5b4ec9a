import redis
from kombu import Connection

from fondsportal.services.valkey import Valkey


def test_celery_reads_the_address_that_settings_derive(valkey):
    address = valkey.url.replace("unix://", "redis+socket://").replace("?db=0", "?virtual_host=3")

    with Connection(address) as connection:
        queue = connection.SimpleQueue("bells")
        queue.put("rung")
        heard = queue.get(timeout=5).payload
        queue.close()
        options = connection.default_channel.client.connection_pool.connection_kwargs

    assert (heard, options["path"], options["db"]) == ("rung", str(valkey.socket), 3)


def test_a_second_manager_adopts_the_server_and_stops_it(valkey, tmp_path):
    second = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")

    second.start()

    assert second.process is None
    second.stop()
    assert valkey.process.wait() == 0


def test_what_was_written_survives_a_restart(valkey, tmp_path):
    with redis.Redis.from_url(valkey.url) as client:
        client.set("kept", "yes")
    valkey.process.kill()
    valkey.process.wait()

    again = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    again.start()

    with redis.Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"
    again.stop()

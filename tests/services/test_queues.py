"""What is long never stands before the mail: which worker takes which task."""

import pytest
from django.conf import settings

from fondsportal.celery import app
from fondsportal.services.supervisor import COMMANDS

TAKEN = {
    name: argv[argv.index("-Q") + 1].split(",")
    for name, argv in COMMANDS.items()
    if name.startswith("worker")
}


def worker_of(task):
    """The process that takes a task."""
    queue = app.amqp.router.route({}, task)["queue"].name
    [name] = [name for name, queues in TAKEN.items() if queue in queues]
    return name


def test_each_queue_is_taken_by_one_worker_alone():
    taken = [queue for queues in TAKEN.values() for queue in queues]

    assert sorted(taken) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


@pytest.mark.parametrize(
    "task",
    [
        "documents.tasks.produce",
        "documents.tasks.scan",
        "selection.tasks.export",
        "selection.tasks.index_waiting",
        "selection.tasks.run_batch",
        "selection.tasks.run_batches",
        "selection.tasks.sweep_radar",
    ],
)
def test_what_is_long_is_not_taken_by_who_sends_the_mail(task):
    assert (worker_of(task), worker_of("journal.tasks.send_waiting")) == ("worker-long", "worker")


def test_a_tick_that_nobody_took_before_the_next_one_is_dropped():
    ticks = settings.CELERY_BEAT_SCHEDULE.values()

    assert [tick["options"]["expires"] for tick in ticks] == [tick["schedule"] for tick in ticks]

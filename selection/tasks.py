import logging
import time

from celery import shared_task

from documents import apart
from selection import indexing
from selection.actions import (
    batches,
    calibration,
    exports,
    letters,
    opinions,
    page_checks,
    radar,
    succession,
    withdrawals,
)
from selection.actions.indexing import index
from selection.models import Calibration, Export

logger = logging.getLogger(__name__)

RADAR_SECONDS = 40  # of one round; what is left waits for the next one, a minute later
INDEXING_SECONDS = 50
INDEXED_AT_ONCE = 5000


@shared_task
def sweep_radar():
    """Read what was filed or announced, count words again, compare: one transaction each, as many as time allows."""
    until = time.monotonic() + RADAR_SECONDS
    radar.forget_gone()
    one_by_one(radar.read_next, until)
    radar.count_words_again()
    met = radar.Met()
    one_by_one(lambda: radar.compare_next(met), until)


def one_by_one(step, until):
    """Take a step while there is one to take; what fails is told, and does not keep the next task from its turn."""
    try:
        while step() and time.monotonic() < until:
            pass
    except Exception:
        logger.exception("the radar stops at a project that it cannot take")


@shared_task
def index_waiting():
    """Make searchable what was filed, or read, since the last round; one worker of a machine at a time."""
    until = time.monotonic() + INDEXING_SECONDS
    waiting = indexing.to_index().order_by("files_awaited", "pk").values_list("pk", flat=True)
    try:
        with apart.place("indexation"):
            for pk in list(waiting[:INDEXED_AT_ONCE]):
                try:
                    index(pk)
                except Exception:
                    logger.exception("case %s cannot be indexed", pk)
                if time.monotonic() > until:
                    break
    except apart.Busy:
        logger.info("the rest of the dossiers is indexed at the next round")


# Acts on many dossiers


@shared_task
def run_batch(pk):
    """Do what a batch asks, one transaction a dossier."""
    while batches.do_next(pk):
        pass


@shared_task
def run_batches():
    """Do what no bell rang for, or what a worker that was killed left."""
    while batches.do_next():
        pass


# Letters


@shared_task
def send_letters():
    """Send the letters that a head asked for, one transaction each: just asked, or left by a worker that was killed."""
    while letters.send_next():
        pass


# Opinions


@shared_task
def remind_experts():
    """Remind the experts whose opinion is nearly due, or late, one transaction each."""
    last = 0
    while last is not None:
        last = opinions.remind_next(after=last)


# Withdrawals


@shared_task
def settle_withdrawals():
    """Free the slots and close the requests of dossiers that were given up, one transaction each."""
    last = 0
    while last is not None:
        last = withdrawals.settle_next(after=last)


# The carriers' checks of their public pages


@shared_task
def remind_checks():
    """Remind the carriers that have not checked their page, as its deadline nears, one transaction each."""
    last = 0
    while last is not None:
        last = page_checks.remind_next(after=last)


# After the decision


@shared_task
def fill_places():
    """Draw the consequence of laureates' dossiers that were withdrawn, and propose who takes their places."""
    for step in (succession.take_up_next, succession.propose_next):
        last = 0
        while last is not None:
            last = step(after=last)


# Exports


@shared_task(soft_time_limit=840)  # below the hard limit of every task, so that it can say so
def export(pk):
    exports.make_export(pk)


@shared_task
def export_waiting():
    """Make what no bell rang for."""
    for pk in Export.objects.missed().order_by("id").values_list("pk", flat=True):
        export.delay(pk)


@shared_task
def forget_exports():
    exports.forget_exports()


# The secretariat's annex to a session


@shared_task
def calibrate(pk):
    calibration.make_calibration(pk)


@shared_task
def calibrate_waiting():
    """Compute what no bell rang for."""
    for pk in Calibration.objects.missed().order_by("id").values_list("pk", flat=True):
        calibrate.delay(pk)

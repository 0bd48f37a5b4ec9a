import time

from celery import shared_task

from selection.actions import radar

RADAR_SECONDS = 40  # of one round; what is left waits for the next one, a minute later


@shared_task
def sweep_radar():
    """Read what was filed or announced, count words again, compare: one transaction each, as many as time allows."""
    until = time.monotonic() + RADAR_SECONDS
    radar.forget_gone()
    while radar.read_next() and time.monotonic() < until:
        pass
    radar.count_words_again()
    while radar.compare_next() and time.monotonic() < until:
        pass

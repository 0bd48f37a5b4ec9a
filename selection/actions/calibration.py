"""The secretariat's annex: asked for with a button, computed by the worker, kept with the hash of its scores."""

import logging

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import annex, rules
from selection.access import reads_whole_session
from selection.models import AgendaItem, Calibration, CommitteeSession

logger = logging.getLogger(__name__)

FAILED = "Le calcul n’a pas abouti. L’équipe du portail est prévenue ; les notes sont intactes. Demandez-le de nouveau."


@transaction.atomic(durable=True)
def ask_calibration(session, *, by):
    """Ask for the annex; the one being computed, or computed from the same scores, is the same however many ask."""
    from selection import tasks

    session = CommitteeSession.objects.locked(session)
    require(rules.can_calibrate(by, session))
    refuse_unless(
        reads_whole_session(by, session), "L’annexe de cette séance est à demander par un collègue."
    )
    revealed = session.items.exclude(state=AgendaItem.State.SCORING)
    refuse_unless(revealed.exists(), "Aucune note n’est encore révélée : il n’y a rien à calculer.")
    sha256 = annex.fingerprint(annex.gathered(session))
    last = session.calibrations.first()
    if last and not last.failure and (last.made_at is None or last.input_sha256 == sha256):
        return last
    calibration = Calibration.objects.create(session=session, input_sha256=sha256, asked_by=by)
    journal.record("calibration.asked", calibration, by=by, session=session.pk, sha256=sha256)
    journal.ring(tasks.calibrate, calibration.pk)
    return calibration


@transaction.atomic(durable=True)
def make_calibration(pk):
    """Compute one annex from the scores as they now are; two workers never take the same, a dead one frees it."""
    waiting = Calibration.objects.waiting().filter(pk=pk)
    calibration = waiting.select_for_update(of=["self"], skip_locked=True).first()
    if calibration is None:
        return
    try:
        with transaction.atomic():
            given = annex.gathered(calibration.session)
            calibration.result = annex.computed(given)
            calibration.input_sha256 = annex.fingerprint(given)
    except Exception:
        logger.exception("the annex %s could not be computed", pk)
        calibration.result, calibration.failure = None, FAILED
    calibration.made_at = clock.now()
    calibration.save(update_fields=["input_sha256", "result", "failure", "made_at"])
    if not calibration.failure:
        journal.record(
            "calibration.made",
            calibration,
            by=calibration.asked_by,
            session=calibration.session_id,
            sha256=calibration.input_sha256,
        )

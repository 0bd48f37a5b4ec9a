"""Correcting the form of a public call: a new version with a dated, public note; whatever is filed stays on its own."""

from django.db import transaction

from calls import emails, rules
from calls.actions import corrections, publication
from calls.lifecycle import State
from calls.models import Call, FormDraft, FormVersion
from calls.questionnaire import coherence
from calls.questionnaire.definition import BLANK_FORM, published_definition, sha256
from calls.questionnaire.differences import differences
from calls.standing import correction_publishers
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

ENDED = "La date limite de dépôt est passée : plus personne ne remplit ce formulaire, qui ne se corrige plus."
NOT_BEGUN = "Le formulaire de cet appel n’est pas en correction."
UNCHANGED = "Le formulaire n’a pas changé : il n’y a rien à publier."
STALE = (
    "Le formulaire en correction a changé depuis que vous avez ouvert cette page."
    " Rien n’est publié : relisez ce qui change, puis publiez."
)


@transaction.atomic(durable=True)
def begin_form_correction(call, *, by):
    """Open the published form for correction; nobody outside the secretariat sees it before it is published."""
    call = _locked(call, by)
    if draft := FormDraft.objects.filter(call=call).first():
        return draft
    last = call.form_versions.first()
    written = {name: last.definition[name] for name in ("sections", "checks") if name in last.definition}
    draft = FormDraft.objects.create(call=call, definition=written, changed_by=by)
    journal.record("form.correction_begun", call, by=by, version=last.number)
    return draft


@transaction.atomic(durable=True)
def abandon_form_correction(call, *, by):
    """Throw the correction away: the published form stands."""
    call = _locked(call, by, ended=True)
    _draft(call).delete()
    journal.record("form.correction_abandoned", call, by=by)


@transaction.atomic(durable=True)
def announce_form_correction(call, *, by):
    """Tell the heads who may publish a correction that it is ready to be read; it may still change."""
    call = _locked(call, by)
    draft = _draft(call)
    refuse_unless(differences(call.form_versions.first().definition, draft.definition), UNCHANGED)
    readers = list(correction_publishers(draft))
    refuse_unless(
        readers, "Aucune autre personne n’est responsable du secrétariat de ce fonds : demandez-en une."
    )
    journal.record("form.correction_announced", call, by=by, version=draft.version)
    journal.post(*emails.form_correction_ready(call, readers, by=by))
    return readers


@transaction.atomic(durable=True)
def publish_form_correction(call, *, note, by, version=None):
    """Publish the corrected form with its note, and have it printed; drafts of dossiers follow by themselves.

    Args:
        version: that of the draft which the head has read; None for who did not read it on a page.
    """
    call = _locked(call, by)
    draft = _draft(call)
    require(rules.can_publish_form(by, call))
    refuse_unless(version in (None, draft.version), STALE)
    last = call.form_versions.first()
    refuse_unless(
        differences(last.definition, draft.definition),
        UNCHANGED,
    )
    problems = coherence.problems(draft.definition, list(call.criteria.values_list("key", flat=True)))
    refuse_unless(not problems, "Ce formulaire n’est pas prêt : " + " ".join(problems))
    definition = published_definition(call, draft.definition)
    form = FormVersion.objects.create(
        call=call,
        number=last.number + 1,
        definition=definition,
        sha256=sha256(definition),
        published_by=by,
    )
    draft.delete()
    documents.request(BLANK_FORM, str(form.pk))
    journal.record("form.corrected", call, by=by, version=form.number, sha256=form.sha256)
    corrections.correct(call, text=note, by=by, form=form)
    return form


# Steps


def _locked(call, by, *, ended=False):
    """The call, if its form may still be corrected; once it has ended, a correction may only be thrown away."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_publish_correction(by, call))
    publication.refuse_while_waiting(call)
    refuse_unless(call.state == State.PUBLISHED, corrections.TOO_EARLY)
    refuse_unless(not call.imported, "Le formulaire de cet appel passé n’est pas publié ici.")
    refuse_unless(ended or (call.closes_at and clock.now() < call.closes_at), ENDED)
    return call


def _draft(call):
    draft = FormDraft.objects.select_for_update().filter(call=call).first()
    refuse_unless(draft, NOT_BEGUN)
    return draft

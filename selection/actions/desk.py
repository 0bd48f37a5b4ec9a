"""The secretariat's own order among the dossiers: who is in charge, labels, notes. No carrier is told of any of it."""

from django.db import transaction

from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import desk, desk_emails, rules
from selection.actions.standing import locked_case
from selection.models import Case, Label, Note


@transaction.atomic(durable=True)
def assign_officer(application, officer, *, by):
    """Put an officer in charge of a dossier, oneself or a colleague, who is told; None puts it back to nobody."""
    case = _locked(application, by)
    before = case.officer_id
    assign(case, officer, by=by)
    if officer and officer.pk not in (before, by.pk):
        journal.post(desk_emails.dossier_entrusted(case, officer, by))
    return case


@transaction.atomic(durable=True)
def put_label(application, label, *, by):
    case = _locked(application, by)
    label_case(case, label, by=by)


@transaction.atomic(durable=True)
def remove_label(application, label, *, by):
    case = _locked(application, by)
    unlabel_case(case, label, by=by)


# Notes


@transaction.atomic(durable=True)
def write_note(application, *, text, by):
    """Keep a note of the secretariat's. The page sent twice in a row is one note."""
    case = _locked(application, by)
    last = Note.objects.filter(application=case.application, written_by=by).last()
    if last and last.text == text and last.deleted_at is None:
        return last
    note = Note.objects.create(application=case.application, text=text, written_by=by)
    journal.record("case.note_written", case, by=by, note=note.pk)
    return note


@transaction.atomic(durable=True)
def delete_note(note, *, by):
    """Take one's own note away: no page shows it any more. Taking it away twice is once."""
    case = _locked(note.application, by)
    note = Note.objects.select_for_update().get(pk=note.pk)
    require(rules.can_delete_note(by, note))
    if note.deleted_at is None:
        note.deleted_at = clock.now()
        note.save(update_fields=["deleted_at"])
        journal.record("case.note_deleted", case, by=by, note=note.pk)


# The labels of a fund


@transaction.atomic(durable=True)
def make_label(fund, *, name, by):
    require(rules.can_keep_labels(by, fund))
    _lock_labels(fund)
    refuse_unless(not desk.namesake(fund, name), "Une étiquette porte déjà ce nom.")
    label = Label.objects.create(fund=fund, name=name, made_by=by)
    journal.record("label.made", label, by=by, name=name)
    return label


@transaction.atomic(durable=True)
def rename_label(label, *, name, by):
    """Rename a label on all its dossiers. The name of another one merges the two; return the one that stays."""
    require(rules.can_keep_labels(by, label.fund))
    _lock_labels(label.fund)
    label = _standing(label)
    other = desk.namesake(label.fund, name, besides=label)
    if other:
        cases = Case.objects.filter(labels=label)
        other.cases.add(*cases)
        journal.record("label.merged", other, by=by, name=label.name, into=other.name, dossiers=cases.count())
        label.delete()
        return other
    before, label.name = label.name, name
    label.save(update_fields=["name"])
    journal.record("label.renamed", label, by=by, before=before, name=name)
    return label


@transaction.atomic(durable=True)
def delete_label(label, *, by):
    """Take a label away from its fund, and from every dossier that carries it."""
    require(rules.can_keep_labels(by, label.fund))
    _lock_labels(label.fund)
    label = _standing(label)
    journal.record("label.deleted", label, by=by, name=label.name, dossiers=label.cases.count())
    label.delete()


# Steps


def assign(case, officer, *, by):
    """Note who is in charge of a locked case, if they may be."""
    if officer:
        reason = desk.why_not_in_charge(officer, case.application)
        refuse_unless(not reason, reason)
    if case.officer == officer:
        return
    before, case.officer = case.officer_id, officer
    case.save(update_fields=["officer"])
    event = "case.entrusted" if officer else "case.released"
    journal.record(event, case, by=by, officer=officer.pk if officer else None, before=before)


def label_case(case, label, *, by):
    """Put a label on a locked case, once."""
    label = _standing(label)
    refuse_unless(
        label.fund_id == case.application.call.fund_id, "Cette étiquette est celle d’un autre fonds."
    )
    if not case.labels.contains(label):
        case.labels.add(label)
        journal.record("case.labelled", case, by=by, label=label.pk, name=label.name)


def unlabel_case(case, label, *, by):
    if case.labels.contains(label):
        case.labels.remove(label)
        journal.record("case.unlabelled", case, by=by, label=label.pk, name=label.name)


def _locked(application, by):
    """The case of a dossier that stands, locked, if this person may keep it in order."""
    application = Application.objects.locked(application)
    require(rules.can_keep_in_order(by, application))
    reason = desk.why_given_up(application)
    refuse_unless(not reason, reason)
    case = locked_case(application)
    case.application = application
    return case


def _standing(label):
    """A label that nobody deleted meanwhile, held as it is until the end."""
    found = Label.objects.select_for_update(no_key=True).filter(pk=label.pk).first()
    refuse_unless(found, "Cette étiquette vient d’être supprimée.")
    return found


def _lock_labels(fund):
    """Two people who name labels of one fund wait for each other."""
    type(fund).objects.select_for_update(no_key=True).get(pk=fund.pk)

"""An act on many dossiers: which ones, and what prevents it on each, when previewed and again when done."""

import re
from urllib.parse import unquote

from django.db.models import Count, OuterRef, Q, Subquery

from applications.models import Application, Clarification, Message, barred_to
from calls.models import Call, FundRole
from calls.models.call import deadline_text
from journal import clock, dates
from selection import desk, eligibility, message_templates
from selection.listing import rows
from selection.models import Batch, BatchRow, Case, Label, OpinionRequest

Act = Batch.Act
MOST = 5000  # dossiers in one batch
AT_ONCE = 50  # dossiers treated while one waits; beyond, the worker does it
EXAMINED = 200  # dossiers that a preview examines one by one: beyond, the rules and the ties are left to the act itself


def treatable_by(user):
    """The cases that this person may act on: of the funds whose secretariat they are, minus recusals."""
    return (
        Case.objects.readable_by(user)
        .filter(call__in=Call.objects.filter(fund__in=desk.funds_of(user)))
        .select_related("application__call__fund", "officer")
        .order_by("pk")
    )


def named(user, references):
    """The cases that these references name, and the references that name none that this person may act on."""
    cases = list(treatable_by(user).filter(application__reference__in=references))
    found = {case.application.reference for case in cases}
    return cases, [reference for reference in references if reference not in found]


def references_typed(text):
    """The references of a text, one a line or parted by spaces or commas, each once."""
    return list(dict.fromkeys(word.upper() for word in re.split(r"[\s,;]+", text) if word))


def listed(user, query):
    """The references of all that a list shows, from the querystring of its address."""
    if "\0" in unquote(query):
        return []
    shown = rows(user, query).values("pk")
    return list(
        treatable_by(user).filter(pk__in=shown).values_list("application__reference", flat=True)[: MOST + 1]
    )


def readable_by(user):
    """The batches of the funds that this person follows, where some dossier is not kept from them.

    Each with how many of those dossiers are `done`, `refused` and `waiting`.
    """
    funds = desk.funds_of(user, FundRole.READERS)
    read = ~Q(rows__application__in=barred_to(user))
    counts = {state: Count("rows", filter=read & Q(rows__state=state)) for state in BatchRow.State.values}
    found = Batch.objects.filter(fund__in=funds).annotate(**counts)
    return found.filter(Q(done__gt=0) | Q(refused__gt=0) | Q(waiting__gt=0)).select_related(
        "asked_by", "fund"
    )


def rows_readable_by(user, batch):
    """The rows of a batch, but for the dossiers that this person is recused from."""
    return BatchRow.objects.filter(
        batch=batch, application__in=Application.objects.not_recusing(user)
    ).select_related("application__case")


# What prevents it


def why_not(act, cases, given, by):
    """What prevents an act on each of these cases, by the case's key in database; those it may be done on are absent.

    The number of queries does not depend on the number of cases, but for what is examined one by one up to `EXAMINED`.
    """
    reasons = {case.pk: desk.why_given_up(case.application) for case in cases}
    left = [case for case in cases if not reasons[case.pk]]
    if left:
        reasons |= PREVENTS[act](left, given, by)
    return {pk: reason for pk, reason in reasons.items() if reason}


def _assigned(cases, given, by):
    officer = desk.officers_of(cases[0].application.call.fund).filter(pk=given["officer"]).first()
    if officer is None:
        return {case.pk: "La personne choisie n’est plus du secrétariat de ce fonds." for case in cases}
    may = Application.objects.not_recusing(officer).filter(pk__in=[case.application_id for case in cases])
    may = set(may.values_list("pk", flat=True))
    few = len(cases) <= EXAMINED
    ties = {case.pk: desk.why_not_in_charge(officer, case.application) for case in cases if few}
    return {
        case.pk: _why_not_assigned(case, officer, given, case.application_id in may, ties.get(case.pk))
        for case in cases
    }


def _why_not_assigned(case, officer, given, may, ties):
    if ties:
        return ties
    if not may:
        return f"{officer.name} ne peut pas traiter ce dossier : un lien d’intérêts l’en écarte."
    if case.officer_id == officer.pk:
        return f"Déjà confié à {officer.name}."
    # Only once it was previewed: who was in charge then.
    if "before" in given and case.officer_id != given["before"].get(str(case.pk)):
        now = f"confié à {case.officer.name}" if case.officer else "rendu à personne"
        return f"Entre-temps, ce dossier a été {now}."
    return ""


def _labelled(cases, given, by):
    return _about_label(cases, given, "Porte déjà cette étiquette.", carrying=True)


def _unlabelled(cases, given, by):
    return _about_label(cases, given, "Ne porte pas cette étiquette.", carrying=False)


def _about_label(cases, given, reason, *, carrying):
    if not Label.objects.filter(pk=given["label"]).exists():
        return {case.pk: "Cette étiquette a été supprimée." for case in cases}
    carried = Case.objects.filter(pk__in=[case.pk for case in cases], labels=given["label"])
    carried = set(carried.values_list("pk", flat=True))
    return {case.pk: reason for case in cases if (case.pk in carried) == carrying}


def _written_to(cases, given, by):
    """A field that this dossier has no value for, or the very words that it was sent last."""
    values = message_templates.values_of(cases)
    last = Message.objects.filter(application=OuterRef("pk")).order_by("-pk")
    last = {
        pk: (sent_at, text)
        for pk, sent_at, text in Application.objects.filter(pk__in=values).values_list(
            "pk",
            Subquery(last.values("sent_at")[:1]),
            Subquery(last.values("text")[:1]),
        )
    }
    reasons = {}
    for case in cases:
        text = message_templates.fill(given["text"], values[case.application_id])
        sent_at, said = last[case.application_id]
        if missing := message_templates.known_fields(text):
            fields = message_templates.listed(missing)
            reasons[case.pk] = f"Rien à écrire à la place de {fields} pour ce dossier."
        elif text == said:
            reasons[case.pk] = (
                f"Déjà envoyé le {dates.moment(sent_at)} : c’est le dernier message du dossier."
            )
    return reasons


def _asked(cases, given, by):
    """Asked already of this address; what the act itself finds besides is told in its report."""
    known = OpinionRequest.objects.standing().filter(
        case__in=[case.pk for case in cases], email=given["email"]
    )
    known = set(known.values_list("case_id", flat=True))
    said = f"Un avis y est déjà demandé à {given['email']}."
    return {case.pk: said for case in cases if case.pk in known}


def _let_through(cases, given, by):
    awaited = Clarification.objects.open().filter(
        application__in=[case.application_id for case in cases], due_at__gt=clock.now()
    )
    awaited = dict(awaited.values_list("application", "due_at"))
    reasons = {}
    for case in cases:
        if case.state != Case.State.TO_CHECK:
            reasons[case.pk] = f"Sa recevabilité est déjà décidée : {case.get_state_display()}."
        elif case.application_id in awaited:
            due = deadline_text(awaited[case.application_id])
            reasons[case.pk] = f"Des compléments sont attendus jusqu’au {due}."
        elif len(cases) <= EXAMINED and (left := eligibility.unsettled(eligibility.examined(case))):
            labels = " ".join(line.finding.label for line in left)
            reasons[case.pk] = (
                f"Des règles ne sont pas respectées, ou restent à vérifier : {labels} Tranchez-les d’abord."
            )
    return reasons


PREVENTS = {
    Act.ASSIGN: _assigned,
    Act.LABEL: _labelled,
    Act.UNLABEL: _unlabelled,
    Act.MESSAGE: _written_to,
    Act.OPINION: _asked,
    Act.ELIGIBLE: _let_through,
}

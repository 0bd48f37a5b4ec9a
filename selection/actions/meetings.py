"""Suggesting to two carriers that they meet: neither learns who the other is unless both agree."""

from django.db import transaction

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import rules as carriers
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import meeting_emails as emails
from selection import rules
from selection.meetings import sides
from selection.models import Case, MeetingSuggestion
from selection.radar.discretion import revealed

MESSAGES = NoticePreference.Kind.MESSAGES


@transaction.atomic(durable=True)
def suggest_meeting(one, other, *, text, by):
    """Ask both carriers whether they would meet, with the same words."""
    refuse_unless(one.pk != other.pk, "Une rencontre se propose entre deux dossiers.")
    first, second = _locked(one, other)
    require(rules.can_suggest_meeting(by, first.application, second.application))
    refuse_unless(
        not first.withdrawn and not second.withdrawn,
        "L’un de ces dossiers est retiré : la rencontre ne se propose plus.",
    )
    asked = MeetingSuggestion.objects.standing().filter(first=first, second=second)
    refuse_unless(not asked.exists(), "Cette rencontre est déjà proposée aux deux porteurs.")
    told = [*revealed(text, first), *revealed(text, second)]
    refuse_unless(not told, f"Ce texte révèle l’un des dossiers à l’autre : {' ; '.join(told)}.")
    suggestion = MeetingSuggestion.objects.create(first=first, second=second, text=text, suggested_by=by)
    journal.record("meeting.suggested", suggestion, by=by)
    tell(MESSAGES, emails.to_both(suggestion, what="suggested"))
    return suggestion


@transaction.atomic(durable=True)
def answer_meeting(suggestion, application, *, agrees, by):
    """Say yes or no for a carrier; whoever said yes, or no, may think again until both have agreed.

    Returns:
        Whether they have now met. A dossier given up meets nobody, and the other is not told why.
    """
    require(carriers.rights(by, application).commit)
    _locked(suggestion.first, suggestion.second)
    suggestion = MeetingSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    first, second = (Case.objects.get(pk=key) for key in (suggestion.first_id, suggestion.second_id))
    mine, theirs = (first, second) if first.application_id == application.pk else (second, first)
    refuse_unless(suggestion.called_off_at is None, "Le secrétariat a retiré cette proposition.")
    refuse_unless(
        suggestion.met_at is None, "Vous avez accepté tous les deux : vos coordonnées sont échangées."
    )
    refuse_unless(not mine.withdrawn, "Votre dossier est retiré : il n’y a plus à répondre.")
    own, other = sides(suggestion, mine)
    fields = {f"{own}_agrees": agrees, f"{own}_answered_at": clock.now(), f"{own}_answered_by": by}
    if agrees and getattr(suggestion, f"{other}_agrees") and not theirs.withdrawn:
        fields["met_at"] = fields[f"{own}_answered_at"]
    for name, value in fields.items():
        setattr(suggestion, name, value)
    suggestion.save(update_fields=list(fields))
    journal.record("meeting.answered", suggestion, by=by, agrees=agrees)
    if suggestion.met_at:
        journal.record("meeting.made", suggestion, by=by)
        tell(MESSAGES, emails.to_both(suggestion, what="made"))
    return suggestion.met_at is not None


@transaction.atomic(durable=True)
def call_off_meeting(suggestion, *, by):
    """Take a suggestion back, whatever was answered, as long as they have not met."""
    first, second = _locked(suggestion.first, suggestion.second)
    require(rules.can_suggest_meeting(by, first.application, second.application))
    suggestion = MeetingSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    refuse_unless(
        suggestion.met_at is None, "Les deux porteurs ont accepté : leurs coordonnées sont échangées."
    )
    if suggestion.called_off_at:
        return
    suggestion.called_off_at = clock.now()
    suggestion.save(update_fields=["called_off_at"])
    journal.record("meeting.called_off", suggestion, by=by)
    tell(MESSAGES, emails.to_both(suggestion, what="called_off"))


# Steps


def _locked(*cases):
    """Two cases, locked in the order of their keys, which is that of a suggestion's first and second."""
    return [Case.objects.locked(case) for case in sorted(cases, key=lambda case: case.pk)]

"""What awaits someone of a carrier: what they are asked, what runs out, each with the page where it is done."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from accounts.models import Invitation
from applications import exchanges
from applications.lifecycle import UNFILED, State
from applications.models import Application, Remark, SectionAnswers
from calls.countdown import duration
from calls.models import deadline_text
from journal import dates

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Awaiting:
    """One thing to do. `due_at` is until when, where there is an end; `url` is empty for what is done elsewhere."""

    what: str
    where: str
    url: str = ""
    due_at: datetime | None = None
    pressing: bool = False


def awaiting(user, applications, now):
    """The things that await someone on these dossiers, the most pressing first, in a constant number of queries.

    Args:
        applications: a list of dossiers that they may see, each with its deadline (`due_at`).
        now: the database's time.
    """
    certified = set(user.memberships.certifying().values_list("organisation", flat=True))
    mine = _written_by(user, applications)
    found = [
        *_clarifications(mine),
        *_to_visa([each for each in mine if each.organisation_id in certified], now),
        *_returned(mine),
        *_ending(mine, now),
        *_messages(user, applications),
        *_owned(user, mine),
        *_invitations(user),
    ]
    return sorted(found, key=lambda each: (not each.pressing, each.due_at is None, each.due_at or now))


def _written_by(user, applications):
    """Those that this person may write in: a reader only reads."""
    seen = [each.pk for each in applications]
    written = set(Application.objects.writable_by(user).filter(pk__in=seen).values_list("pk", flat=True))
    return [each for each in applications if each.pk in written]


def _clarifications(applications):
    by_pk = {each.pk: each for each in applications if each.state == State.CLARIFYING}
    for asked in exchanges.open_clarifications(list(by_pk)):
        titles = ", ".join(f"« {section['title']} »" for section in asked.sections)
        yield Awaiting(
            f"Compléter {titles} avant le {deadline_text(asked.due_at)}",
            asked.application.title,
            reverse("applications:clarification", args=[asked.application.key]),
            asked.due_at,
            pressing=True,
        )


def _to_visa(applications, now):
    for each in applications:
        if each.state == State.AWAITING_VISA and each.due_at > now:
            what = f"Donner votre visa et déposer avant le {deadline_text(each.due_at)}"
            yield Awaiting(what, each.title, each.get_absolute_url(), each.due_at, pressing=True)


def _returned(applications):
    drafts = {each.pk: each for each in applications if each.state == State.DRAFT}
    kinds = (Remark.Kind.VISA, Remark.Kind.SUPPORT)
    remarks = Remark.objects.filter(application__in=drafts, settled_at=None, kind__in=kinds)
    told = Counter(remarks.values_list("application", flat=True))
    for pk, draft in drafts.items():
        count = told[pk]
        if count or draft.remarks:
            what = (
                f"Corriger : {_counted(count, 'remarque')} à traiter"
                if count
                else "Corriger le dossier renvoyé"
            )
            yield Awaiting(what, draft.title, draft.get_absolute_url(), draft.due_at, pressing=True)


def _ending(applications, now):
    for each in applications:
        if each.state in UNFILED and now < each.due_at <= now + SOON and not each.number:
            what = f"Déposer : il reste {duration(now, each.due_at)}"
            yield Awaiting(what, each.title, each.get_absolute_url(), each.due_at, pressing=True)


def _messages(user, applications):
    by_pk = {each.pk: each for each in applications}
    for pk, count in exchanges.unread(user, list(by_pk)).items():
        what = f"Lire {_counted(count, 'message')} du secrétariat"
        yield Awaiting(what, by_pk[pk].title, reverse("applications:messages", args=[by_pk[pk].key]))


def _owned(user, applications):
    """The sections that one answers for and where nothing is written yet."""
    drafts = {each.pk: each for each in applications if each.state == State.DRAFT}
    rows = SectionAnswers.objects.filter(application__in=drafts, owner=user, version=0).order_by("pk")
    for pk, key in rows.values_list("application", "section_key"):
        draft = drafts[pk]
        section = draft.form.section(key)
        if section:
            url = reverse("applications:section", args=[draft.key, key])
            yield Awaiting(
                f"Écrire la section « {section['title']} », dont vous êtes responsable",
                draft.title,
                url,
                draft.due_at,
            )


def _invitations(user):
    """The link is in the letter, and nowhere else."""
    letters = Invitation.objects.standing().filter(email__iexact=user.email, dossier__isnull=False)
    for letter in letters.select_related("dossier__application", "invited_by"):
        yield Awaiting(
            f"Suivre le lien du courriel par lequel {letter.invited_by} vous invite à participer,"
            f" avant le {dates.moment(letter.expires_at)}",
            letter.dossier.application.title,
            due_at=letter.expires_at,
        )


def _counted(number, noun):
    return f"{number} {noun}{'s' if number > 1 else ''}"

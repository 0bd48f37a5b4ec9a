"""Making laureates public at a given minute."""

from django.db import transaction
from django.utils.text import slugify

from applications.models import Application
from calls.models import Call, Theme
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import lifecycle, preview_emails, rules
from selection.actions.press_kit import request_press_kit
from selection.changes import awaited, is_joining, is_stale
from selection.lifecycle import Notice
from selection.models import Announcement, AnnouncementPicture, Case, Laureate, LaureateCheck
from selection.page_checks import why_not_ready


class TooEarly(Refused):
    """A publication asked for in the past."""


STALE = (
    "Un lauréat de cette annonce s’est désisté : elle ne paraît pas ainsi. Rendez-la à la préparation, mettez-y ses"
    " lauréats à jour, puis faites-la valider de nouveau."
)
TEXTS = ("short_text", "long_text", "markdown")


@transaction.atomic(durable=True)
def prepare_announcement(*, call, title, introduction, by):
    """Draw up the announcement of a call's selected projects; it stays secret until its minute.

    Of those that are not kept from who prepares it: the others are for a colleague to announce.
    """
    require(rules.can_prepare_announcement(by, call))
    Call.objects.select_for_update().get(pk=call.pk)  # two people who prepare it together wait for each other
    selected = awaited(call).filter(item__case__in=Case.objects.readable_by(by))
    refuse_unless(selected, "Aucun projet retenu n’attend d’être annoncé pour cet appel.")
    fictitious = any(decision.item.case.application.fictitious for decision in selected)
    announcement = Announcement.objects.create(
        call=call,
        slug=_free_slug(Announcement, f"{call.slug}-{slugify(title)}"[:70]),
        title=title,
        introduction=introduction,
        prepared_by=by,
        fictitious=fictitious,
    )
    for decision in selected:
        add_laureate(announcement, decision)
    journal.record("announcement.prepared", announcement, by=by, laureates=len(selected))
    return announcement


@transaction.atomic(durable=True)
def describe_laureate(laureate, *, by, themes=None, **facts):
    """Write what the public will read of a laureate, while its announcement is still secret."""
    announcement = _locked(laureate.announcement)
    if is_joining(laureate):
        require(rules.can_write_announcement(by, announcement))
    else:
        _require_writing(announcement, by)
    laureate = Laureate.objects.select_for_update().get(pk=laureate.pk)
    for name, value in facts.items():
        setattr(laureate, name, value)
    laureate.save(update_fields=list(facts))
    described = sorted(facts)
    if themes is not None:
        laureate.themes.set(themes)
        described.append("themes")
    journal.record("laureate.described", laureate, by=by, fields=described)


@transaction.atomic(durable=True)
def refresh_laureates(announcement, *, by):
    """Drop from a draft who gave up, add who was selected since; return how many of each."""
    announcement = _locked(announcement)
    _require_writing(announcement, by)
    gone = list(announcement.laureates.filter(case__application__state=Application.State.WITHDRAWN))
    LaureateCheck.objects.filter(laureate__in=gone).delete()
    announcement.pictures.filter(laureate__in=gone).delete()
    announcement.laureates.filter(pk__in=[each.pk for each in gone]).delete()
    come = list(awaited(announcement.call).filter(item__case__in=Case.objects.readable_by(by)))
    for decision in come:
        add_laureate(announcement, decision)
    told = {"dropped": [each.name for each in gone], "added": [each.item.case_id for each in come]}
    journal.record("announcement.written", announcement, by=by, fields=["laureates"], **told)
    return len(gone), len(come)


@transaction.atomic(durable=True)
def write_announcement(announcement, *, by, **parts):
    """Change what the announcement itself says (title, introduction, quotes, contacts, figures) while it is a draft."""
    announcement = _locked(announcement)
    _require_writing(announcement, by)
    for name, value in parts.items():
        setattr(announcement, name, value)
    announcement.save(update_fields=list(parts))
    journal.record("announcement.written", announcement, by=by, fields=sorted(parts))


@transaction.atomic(durable=True)
def add_picture(announcement, *, by, file, alternative, credit, laureate=None):
    """Add a picture to a draft, of the whole or of one laureate."""
    announcement = _locked(announcement)
    _require_writing(announcement, by)
    picture = AnnouncementPicture.objects.create(
        announcement=announcement,
        laureate=laureate,
        file=file,
        alternative=alternative,
        credit=credit,
        added_by=by,
    )
    journal.record("announcement.picture_added", announcement, by=by, picture=picture.pk, sha256=file.sha256)
    return picture


@transaction.atomic(durable=True)
def remove_picture(picture, *, by):
    announcement = _locked(picture.announcement)
    _require_writing(announcement, by)
    journal.record("announcement.picture_removed", announcement, by=by, picture=picture.pk)
    picture.delete()


@transaction.atomic(durable=True)
def keep_picture(picture, *, by):
    """Publish, with the announcement, a picture that a carrier offers."""
    announcement = _locked(picture.announcement)
    _require_writing(announcement, by)
    picture.published = True
    picture.save(update_fields=["published"])
    journal.record("announcement.picture_kept", announcement, by=by, picture=picture.pk)


@transaction.atomic(durable=True)
def validate_announcement(announcement, *, by):
    """Approve the announcement as prepared, and have its press kit made under embargo."""
    announcement = _locked(announcement)
    require(rules.can_publish_announcement(by, announcement))
    refuse_unless(not is_stale(announcement), STALE)
    refuse_unless(not why_not_ready(announcement), why_not_ready(announcement))
    lifecycle.move_announcement(announcement, Notice.VALIDATED)
    announcement.save(update_fields=["state"])
    request_press_kit(announcement)
    journal.record("announcement.validated", announcement, by=by)


@transaction.atomic(durable=True)
def schedule_announcement(announcement, *, publish_at, by):
    """Set, or move while it has not come, the minute at which the announcement becomes public.

    The database's clock decides; its current minute is the soonest, a past one is surely a mistake.
    """
    announcement = _locked(announcement)
    require(rules.can_publish_announcement(by, announcement))
    now = clock.now()
    refuse_unless(
        announcement.state != Notice.SCHEDULED or announcement.publish_at > now,
        "Cette annonce est publique : sa date ne change plus.",
    )
    refuse_unless(not is_stale(announcement), STALE)
    publish_at = publish_at.replace(second=0, microsecond=0)
    if publish_at < now.replace(second=0, microsecond=0):
        raise TooEarly("Cette minute est passée : choisissez-en une à venir.")
    lifecycle.move_announcement(announcement, Notice.SCHEDULED)
    moved = announcement.publish_at != publish_at
    announcement.publish_at = publish_at
    announcement.save(update_fields=["state", "publish_at"])
    if publish_at <= now:
        journal.post(*preview_emails.published(announcement))
    elif moved:
        journal.post(*preview_emails.moved(announcement))
    journal.record("announcement.scheduled", announcement, by=by, publish_at=announcement.publish_at)


@transaction.atomic(durable=True)
def withdraw_announcement(announcement, *, by):
    """Take an announcement back: it shows nowhere any more."""
    announcement = _locked(announcement)
    require(rules.can_withdraw_announcement(by, announcement))
    journal.post(*preview_emails.withdrawn(announcement))
    lifecycle.move_announcement(announcement, Notice.WITHDRAWN)
    announcement.save(update_fields=["state"])
    announcement.laureates.update(case=None)  # their projects may be announced again
    journal.record("announcement.withdrawn", announcement, by=by)


@transaction.atomic(durable=True)
def return_to_draft(announcement, *, by):
    """Give an announcement that is not public yet back to those who prepare it; it has no minute any more."""
    announcement = _locked(announcement)
    require(rules.can_withdraw_announcement(by, announcement))
    refuse_unless(
        announcement.state != Notice.SCHEDULED or announcement.publish_at > clock.now(),
        "Cette annonce est publique : elle peut être retirée, plus rendue à la préparation.",
    )
    journal.post(*preview_emails.unscheduled(announcement))
    lifecycle.move_announcement(announcement, Notice.DRAFT)
    announcement.publish_at = None
    announcement.save(update_fields=["state", "publish_at"])
    journal.record("announcement.returned", announcement, by=by)


# Steps


def _locked(announcement):
    return Announcement.objects.select_for_update().get(pk=announcement.pk)


def _require_writing(announcement, by):
    require(rules.can_write_announcement(by, announcement))
    refuse_unless(
        announcement.state == Notice.DRAFT, "Cette annonce est validée : ses fiches ne changent plus."
    )


def add_laureate(announcement, decision):
    case = decision.item.case
    application = case.application
    submission = case.submission
    content = submission.content
    laureate = Laureate.objects.create(
        fund=application.call.fund,
        call=application.call,
        announcement=announcement,
        case=case,
        slug=_free_slug(Laureate, slugify(content["title"])[:90] or "laureat", reserved={"chiffres"}),
        name=content["title"],
        carrier=content["organisation"]["name"],
        organisation=application.organisation,
        partners=_partners(content),
        ministry=content["organisation"]["ministry"] or "",
        year=decision.item.session.held_on.year,
        summary=_public_summary(content),
        amount=decision.amount,
        # A form without such a table asks nothing: what nobody wrote is unknown, not zero.
        total_cost=submission.total_cost if content["financing"] else None,
        expected_savings=submission.promised_savings if content["savings"] else None,
        fictitious=application.fictitious,
    )
    laureate.themes.set(Theme.objects.filter(label__in=content["themes"]))
    return laureate


def _public_summary(content):
    """The first text that the form said would be public; empty where it said so of none, lest a secret be published.

    The first dossiers did not say who would read what: their summary came first.
    """
    answers = [answer for section in content["sections"] for answer in section["answers"]]
    answers = [answer for answer in answers if answer.get("type", "long_text") in TEXTS]
    if any("confidentiality" in answer for answer in answers):
        answers = [answer for answer in answers if answer["confidentiality"] == "public" and answer["text"]]
    return answers[0]["text"] if answers else ""


def _partners(content):
    """Those who take part or bring money, as the dossier names them."""
    named = [line["organisation_name"] or line["name"] for line in content.get("partners", [])]
    named += [line["label"] for line in content["financing"] if line["source"] == "partner" and line["label"]]
    return ", ".join(dict.fromkeys(named))


def _free_slug(model, wanted, *, reserved=()):
    taken = {*model.objects.filter(slug__startswith=wanted).values_list("slug", flat=True), *reserved}
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := f"{wanted}-{n}" if n > 1 else wanted) not in taken
    )

"""Support on a draft: asked by its writers, given by the secretariat, for a time."""

from django.db import transaction

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import exchange_emails, rules
from applications.lifecycle import UNFILED
from applications.models import Application, Remark, SupportRequest
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

Kind = NoticePreference.Kind


@transaction.atomic(durable=True)
def ask_for_support(application, *, text, by):
    """Open a draft to the fund's secretariat, which is told; what is already open stays as it is."""
    application = Application.objects.locked(application)
    require(rules.can_ask_for_support(by, application))
    refuse_unless(
        application.state in UNFILED,
        "L’accompagnement se demande sur un brouillon. Une fois le dossier déposé, écrivez au secrétariat.",
    )
    closes_at = Application.objects.with_deadline().get(pk=application.pk).due_at
    refuse_unless(clock.now() < closes_at, "La date limite de dépôt est passée.")
    asked = application.support_requests.filter(closed_at=None).first()
    if asked:
        return asked
    asked = SupportRequest.objects.create(application=application, text=text, asked_by=by)
    journal.record("application.support_asked", application, by=by)
    tell(Kind.MESSAGES, exchange_emails.support_asked(asked))
    return asked


@transaction.atomic(durable=True)
def take_charge(asked, *, by):
    """Say who of the secretariat follows this draft; a colleague may take it over."""
    asked = _locked(asked, by)
    asked.taken_at, asked.taken_by = clock.now(), by
    asked.save(update_fields=["taken_at", "taken_by"])
    journal.record("application.support_taken", asked.application, by=by)
    tell(Kind.MESSAGES, exchange_emails.support_given(asked, by, what="taken"))


@transaction.atomic(durable=True)
def comment_draft(asked, *, remarks, by):
    """Leave remarks to its writers: `remarks` is a text by section key, the empty key being the whole dossier."""
    asked = _locked(asked, by)
    known = {"", *(section["key"] for section in asked.application.form.sections)}
    written = [
        Remark(
            application=asked.application,
            kind=Remark.Kind.SUPPORT,
            section_key=key,
            text=text,
            written_by=by,
        )
        for key, text in remarks.items()
        if key in known
    ]
    refuse_unless(written, "Écrivez au moins une remarque.")
    Remark.objects.bulk_create(written)
    keys = [remark.section_key for remark in written]
    journal.record("application.support_commented", asked.application, by=by, sections=keys)
    tell(Kind.MESSAGES, exchange_emails.support_given(asked, by, what="commented"))


@transaction.atomic(durable=True)
def propose(asked, *, kind, text, by, link=""):
    """Name a similar project, or an expert, to its writers."""
    asked = _locked(asked, by)
    refuse_unless(
        kind in (Remark.Kind.SIMILAR, Remark.Kind.EXPERT), "Proposez un projet proche ou un expert."
    )
    Remark.objects.create(application=asked.application, kind=kind, text=text, link=link, written_by=by)
    journal.record("application.support_proposed", asked.application, by=by, kind=kind)
    tell(Kind.MESSAGES, exchange_emails.support_given(asked, by, what="proposed"))


@transaction.atomic(durable=True)
def close_support(asked, *, by):
    """End the support, from either side: the secretariat no longer reads the draft."""
    application = Application.objects.locked(asked.application)
    asked = application.support_requests.select_for_update().get(pk=asked.pk)
    own = rules.can_ask_for_support(by, application)
    require(own or rules.is_its_secretariat(by, application))
    if asked.closed_at:
        return
    asked.closed_at, asked.closed_by = clock.now(), by
    asked.save(update_fields=["closed_at", "closed_by"])
    journal.record("application.support_closed", application, by=by)
    if own:
        tell(Kind.MESSAGES, exchange_emails.support_withdrawn(asked))
    else:
        tell(Kind.MESSAGES, exchange_emails.support_given(asked, by, what="closed"))


# Steps


def _locked(asked, by):
    """A support request that still runs, if this person gives it."""
    application = Application.objects.locked(asked.application)
    require(rules.is_its_secretariat(by, application))
    asked = application.support_requests.select_for_update().get(pk=asked.pk)
    refuse_unless(
        asked.closed_at is None and application.state in UNFILED,
        "Cet accompagnement est terminé : le brouillon ne vous est plus ouvert.",
    )
    return asked

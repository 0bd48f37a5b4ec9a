"""Things to test with, one function or factory each; what a test depends on, it says."""

import re
import secrets
from datetime import timedelta
from decimal import Decimal

import factory
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Delegation, Membership, Organisation, User
from applications import actions as application_actions
from applications.models import (
    Application,
    Collaborator,
    FinancingLine,
    Remark,
    SavingsLine,
    SectionAnswers,
    SectionVersion,
)
from calls.actions import questions as question_actions
from calls.actions import registrations as registration_actions
from calls.models import (
    Call,
    CallDocument,
    Criterion,
    Envelope,
    Event,
    EventFile,
    FormDraft,
    FormVersion,
    Fund,
    FundRole,
    Round,
    Subscription,
    SubscriptionRequest,
    Theme,
)
from calls.questionnaire.definition import default_definition, published_definition, sha256
from documents.models import ProducedDocument, StoredFile
from journal.models import OutgoingEmail
from selection.actions.standing import count_again
from selection.models import (
    AgendaItem,
    Announcement,
    Case,
    Committee,
    CommitteeSeat,
    CommitteeSession,
    Decision,
    Laureate,
    MeetingSuggestion,
    Review,
    Score,
    Vote,
)

PASSWORD = "mot-de-passe-de-test"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@organisme.example")
    name = factory.Sequence(lambda n: f"Personne {n}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(PASSWORD)
        self.save()


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisme-{n}")
    name = factory.Sequence(lambda n: f"Organisme {n}")
    kind = Organisation.Kind.OPERATOR


class FundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fund

    slug = factory.Sequence(lambda n: f"fonds-{n}")
    code = factory.Sequence(lambda n: f"F{n}")
    name = factory.Sequence(lambda n: f"Fonds {n}")


class EnvelopeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Envelope

    fund = factory.SubFactory(FundFactory)
    year = 2018
    commitments = Decimal("10000000")


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ["slug"]

    slug = factory.Sequence(lambda n: f"theme-{n}")
    label = factory.Sequence(lambda n: f"Thème {n}")


class CallFactory(factory.django.DjangoModelFactory):
    """A call in preparation, open by its dates; `published` and `scheduled` freeze its form, `submitted` awaits it."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(state=Call.State.PUBLISHED, published_at=factory.LazyFunction(timezone.now))
        scheduled = factory.Trait(
            state=Call.State.PUBLISHED,
            published_at=factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1)),
        )
        submitted = factory.Trait(
            state=Call.State.SUBMITTED,
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SubFactory(UserFactory),
        )

    fund = factory.SubFactory(FundFactory)
    code = factory.Sequence(lambda n: f"APPEL-{n}")
    slug = factory.LazyAttribute(lambda call: call.code.lower())
    title = factory.Sequence(lambda n: f"Appel {n}")
    summary = "Un appel pour les tests."
    contact_email = "fonds@secretariat.example"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))

    @factory.post_generation
    def closes_in(self, create, extracted, **kwargs):
        Round.objects.create(call=self, closes_at=timezone.now() + (extracted or timedelta(days=2)))
        self.refresh_from_db(fields=["closes_at", "year"])

    @factory.post_generation
    def criteria(self, create, extracted, **kwargs):
        for position, weight in enumerate(extracted or (40, 30, 20, 10), start=1):
            Criterion.objects.create(
                call=self,
                key=f"critere-{position}",
                position=position,
                label=f"Critère {position}",
                weight=weight,
            )

    @factory.post_generation
    def form(self, create, extracted, **kwargs):
        if self.state == Call.State.PUBLISHED and not self.imported:
            definition = published_definition(self, extracted or default_definition())
            FormVersion.objects.create(call=self, definition=definition, sha256=sha256(definition))
        elif self.in_preparation:
            FormDraft.objects.create(call=self, definition=extracted or default_definition())


def checked_form():
    """The form of a call for transformation projects, with a check: half of the cost at most."""
    check = {
        "key": "plafond",
        "left": "@grant",
        "operator": "at_most",
        "share": "0.5",
        "right": "@total_cost",
    }
    return default_definition() | {
        "checks": [check | {"message": "La subvention dépasse la moitié du coût."}]
    }


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft with nothing in it; `complete_draft` fills it, `filed_application` files it."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    call = factory.SubFactory(CallFactory, published=True)
    round = factory.LazyAttribute(lambda application: application.call.rounds.first())
    form = factory.LazyAttribute(lambda application: application.call.form_versions.first())
    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Projet {n}")
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        self.themes.set(extracted or [])


class StoredFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1234
    content_type = "application/pdf"


# People, by what they are


def officer_of(fund):
    return _with_role(fund, FundRole.Role.OFFICER)


def head_of(fund):
    return _with_role(fund, FundRole.Role.HEAD)


def auditor_of(fund):
    return _with_role(fund, FundRole.Role.AUDITOR)


def certifier_of(organisation):
    return _member(organisation, Membership.Role.CERTIFIER)


def contributor_of(organisation):
    return _member(organisation, Membership.Role.CONTRIBUTOR)


def member_of(committee, *, chair=False, scope=None):
    """A seat of a committee, with its person."""
    return CommitteeSeat.objects.create(
        committee=committee,
        user=UserFactory(),
        title="Présidence" if chair else "Membre",
        is_chair=chair,
        scope=scope,
        position=committee.seats.count(),
    )


def _with_role(fund, role):
    user = UserFactory()
    FundRole.objects.create(user=user, fund=fund, role=role)
    return user


def _member(organisation, role):
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


# Dossiers, by how far they are


def draft(**fields):
    """A draft of which one contributor of the carrier is a collaborator."""
    application = ApplicationFactory(**fields)
    writer = application.created_by
    Membership.objects.get_or_create(
        user=writer, organisation=application.organisation, role=Membership.Role.CONTRIBUTOR
    )
    Collaborator.objects.create(application=application, user=writer)
    return application


def complete_draft(*, grant=Decimal("600000"), own=Decimal("400000"), **fields):
    """A draft that nothing prevents from being filed."""
    application = draft(**fields)
    for section in application.form.sections:
        if section["kind"] == "text":
            answers = {question["key"]: f"Réponse à {question['key']}." for question in section["questions"]}
            SectionAnswers.objects.create(
                application=application, section_key=section["key"], answers=answers, version=1
            )
    FinancingLine.objects.create(application=application, year=2018, source="fund", amount=grant)
    FinancingLine.objects.create(application=application, year=2018, source="own", amount=own)
    SavingsLine.objects.create(
        application=application, year=2021, label="Achats", amount=Decimal("900000"), recurring=True
    )
    return application


def remark_on(application, section_key="projet", *, by=None, text="Chiffrez ce point."):
    """What a certifier asks to correct in a section."""
    by = by or certifier_of(application.organisation)
    return Remark.objects.create(
        application=application, kind=Remark.Kind.VISA, section_key=section_key, text=text, written_by=by
    )


def section_version(application, section_key, text="Ce qui était écrit."):
    """What a section said before."""
    return SectionVersion.objects.create(
        application=application,
        section_key=section_key,
        version=0,
        content={"answers": {"resume": text}},
        saved_at=timezone.now(),
        saved_by=application.created_by,
    )


def filed_application(**fields):
    """A dossier filed by a certifier of its carrier, as a person would."""
    application = complete_draft(**fields)
    application_actions.file_application(application, by=certifier_of(application.organisation))
    application.refresh_from_db()
    return application


def case_in(state, **fields):
    """A filed application in the secretariat's hands, at a given state."""
    return taken_up(filed_application(**fields), state)


def taken_up(application, state):
    """The case of a filed dossier, set at a state."""
    Case.objects.filter(application=application).update(state=state)
    return Case.objects.get(application=application)


def reviewed_case(value=4, **fields):
    """A case under review with one finished review that gives `value` on each criterion."""
    case = case_in(Case.State.UNDER_REVIEW, **fields)
    review = Review.objects.create(
        case=case,
        reviewer=officer_of(case.application.call.fund),
        state=Review.State.FINISHED,
        recommendation=Review.Recommendation.FAVOURABLE,
        finished_at=timezone.now(),
    )
    for criterion in case.application.call.criteria.all():
        Score.objects.create(review=review, criterion=criterion, value=value)
    return count_again(case)


def committee_session(fund, *, state=CommitteeSession.State.OPEN, commitments=Decimal("10000000")):
    """A session of a deciding committee with a chair; its envelope is the fund's of 2018."""
    committee = Committee.objects.create(fund=fund, name="Comité de pilotage")
    member_of(committee, chair=True)
    envelope, _ = Envelope.objects.get_or_create(fund=fund, year=2018, defaults={"commitments": commitments})
    return CommitteeSession.objects.create(
        committee=committee,
        envelope=envelope,
        title="Séance du comité",
        held_on=timezone.localdate(),
        state=state,
        prepared_by=officer_of(fund),
    )


def agenda_item(session, *, state=AgendaItem.State.SCORING, **fields):
    """An item of a session, its case filed for a call of the same fund."""
    if "call" not in fields:
        fields["call"] = CallFactory(fund=session.fund, published=True)
    case = reviewed_case(**fields)
    case.state = Case.State.ON_AGENDA
    case.save()
    item = AgendaItem.objects.create(session=session, case=case, position=session.items.count() + 1)
    return moved_to(item, state)


def moved_to(item, state):
    """The item, with the vote or the rejection that this state goes with."""
    by = item.session.prepared_by
    if state in (AgendaItem.State.VOTE_OPEN, AgendaItem.State.VOTED):
        vote = Vote(item=item, number=item.votes.count() + 1, mode="roll_call", opened_by=by)
        if state == AgendaItem.State.VOTED:
            vote.closed_at, vote.closed_by, vote.carried = timezone.now(), by, True
        vote.save()
    if state == AgendaItem.State.DECIDED:
        return decided(item, Decision.Outcome.REJECTED)
    item.state = state
    item.save()
    return item


def decided(item, outcome, amount=None, **said):
    """The item, with a decision that stands."""
    item.decision = Decision.objects.create(
        item=item,
        envelope=item.session.envelope,
        outcome=outcome,
        amount=amount,
        decided_by=item.session.prepared_by,
        decided_at=timezone.now(),
        **said,
    )
    item.state = AgendaItem.State.DECIDED
    item.save()
    item.case.state = outcome
    item.case.save()
    return item


def chair_of(session):
    return session.committee.seats.get(is_chair=True).user


def announcement_of(
    call, *, state=Announcement.State.SCHEDULED, publish_at=None, name="Projet annoncé", slug="", case=None
):
    """An announcement with one laureate; public from `publish_at`, which is in the past unless said."""
    announcement = Announcement.objects.create(
        call=call,
        slug=slug or f"annonce-{call.slug}",
        title=f"Lauréats de {call.title}",
        state=state,
        publish_at=publish_at or timezone.now() - timedelta(hours=1),
    )
    Laureate.objects.create(
        fund=call.fund,
        call=call,
        announcement=announcement,
        case=case,
        slug=f"laureat-{slug or call.slug}",
        name=name,
        year=2018,
        amount=Decimal("5000000"),
    )
    return announcement


def laureate(*, call, slug, **fields):
    """A laureate of past times, public without an announcement."""
    fields = {"name": f"Projet {slug}", "year": 2018} | fields
    return Laureate.objects.create(fund=call.fund, call=call, slug=slug, **fields)


def meeting_of(first, second):
    """A meeting suggested to the carriers of two filed dossiers."""
    return MeetingSuggestion.objects.create(
        first=first.case,
        second=second.case,
        text="Vos projets ont un besoin commun.",
        suggested_by=officer_of(first.call.fund),
    )


def produced(kind, subject_key, *, state=ProducedDocument.State.REQUESTED):
    return ProducedDocument.objects.create(kind=kind, subject_key=str(subject_key), state=state)


# People of a dossier


def invitation_to(application, *, email="invitee@organisme.example", role="writer", guest_of="", by=None):
    """Someone invited, and the token of the link sent to them."""
    by = by or application.created_by
    invited = application_actions.invite(application, email=email, role=role, guest_of=guest_of, by=by)
    body = OutgoingEmail.objects.filter(template="applications/emails/invitation.txt").first().body
    return invited, re.search(r"/invitations/([^/\s]+)/", body)[1]


def delegation_of(certifier, delegate, **dates):
    """A visa lent for the hour, unless other dates are given."""
    now = timezone.now()
    return Delegation.objects.create(
        organisation=certifier.memberships.get().organisation,
        certifier=certifier,
        delegate=delegate,
        **{"begins_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1), **dates},
    )


# Exchanges with the secretariat


def message_on(application, *, text="Bonjour.", by_secretariat=False, by=None, file=None):
    """A message of the carrier's, or of the secretariat's, with a file or none."""
    if by_secretariat:
        by, send = by or officer_of(application.call.fund), application_actions.write_to_carrier
    else:
        by, send = by or application.created_by, application_actions.write_to_secretariat
    files = [(file, "note.pdf")] if file else []
    return send(application, text=text, nonce=secrets.token_urlsafe(8), files=files, by=by)


def clarified_application(*, questions=None, due_in=timedelta(days=5), **fields):
    """A filed dossier of which the secretariat asks more, on its first section unless said."""
    application = filed_application(**fields)
    application_actions.ask_clarification(
        application,
        questions=questions or {application.form.sections[0]["key"]: "Précisez le calendrier."},
        due_at=timezone.now() + due_in,
        by=officer_of(application.call.fund),
    )
    application.refresh_from_db()
    return application


def support_on(application, *, text="Comment chiffrer les économies ?"):
    return application_actions.ask_for_support(application, text=text, by=application.created_by)


# Questions


def question_on(call, *, text="Le cofinancement est-il exigé ?", email="curieux@exemple.example", body=""):
    return question_actions.ask(call, email=email, text=text, body=body)


def published_question(call, *, text="Le cofinancement est-il exigé ?", answer="Oui, toujours.", **asked):
    """A question asked, answered and published as people do."""
    return question_actions.publish_question(
        question_on(call, text=text, **asked),
        published_text=text,
        answer=answer,
        version=0,
        by=officer_of(call.fund),
    )


# Events


class EventFactory(factory.django.DjangoModelFactory):
    """An event in preparation, in a week; `published` opens its registration."""

    class Meta:
        model = Event

    class Params:
        published = factory.Trait(
            state=Event.State.PUBLISHED, published_at=factory.LazyFunction(timezone.now)
        )
        past = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=7, hours=2)),
            ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=7)),
        )

    fund = factory.SubFactory(FundFactory)
    title = factory.Sequence(lambda n: f"Réunion {n}")
    slug = factory.Sequence(lambda n: f"reunion-{n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


def registration_at(event, *, email="agent@organisme.example", name="Une agente"):
    return registration_actions.register(event, email=email, name=name, by=AnonymousUser())


def picture_of(event, file=None):
    return EventFile.objects.create(
        event=event,
        kind=EventFile.Kind.PICTURE,
        file=file or StoredFileFactory(content_type="image/png"),
        name="salle.png",
        alternative="La salle, pendant une présentation.",
        credit="DITP",
    )


def specifications(call, *, file=None):
    return CallDocument.objects.create(
        call=call,
        title="Cahier des charges",
        file=file or StoredFileFactory(),
        name="cahier.pdf",
        added_by=officer_of(call.fund),
    )


# Subscriptions


def subscription(*, fund=None, call=None, deadlines=False, **fields):
    """A confirmed one of a day ago: to every fund, to one, or to the deadlines of a call."""
    since = timezone.now() - timedelta(days=1)
    email = f"abonne{Subscription.objects.count()}@organisme.example"
    made = Subscription.objects.create(
        **{"email": email, "deadlines_since": since if deadlines else None, **fields}
    )
    made.topics.create(fund=fund, call=call, since=since)
    return made


def subscription_request(**fields):
    return SubscriptionRequest.objects.create(
        **{"email": "abonnement@organisme.example", "all_funds": True, **fields}
    )

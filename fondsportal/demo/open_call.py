"""What exists only in the demonstration: a call that is open now, one to come, and a few dossiers in every state.

All of it goes through the actions that the pages call. A load that was cut short is taken up where it stopped.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from applications import actions as applications
from applications.models import Application, Remark
from calls.actions import preparation as calls
from calls.actions import publication
from calls.models import Call, CallDocument, Envelope, Fund, Theme
from calls.questionnaire.definition import default_definition
from documents import storage
from fondsportal.demo import desk, exchanges, opinions, specifications
from fondsportal.demo.accounts import CARRIER, FUND
from fondsportal.demo.facts import CRITERIA, DIGITAL
from fondsportal.demo.rehearsal import names, texts
from journal import clock
from selection.actions import eligibility, reviews
from selection.actions.reviewers import assign_reviewers
from selection.models import Case, Review

REMARK = "Précisez qui tient l’accueil aujourd’hui, et combien d’usagers il reçoit. (Remarque fictive.)"
CODE, UPCOMING = "FTAP-DEMO-1", "FTAP-DEMO-2"
SEED = 2018
NOTE = [{"title": "Montant fictif, pour la démonstration", "publisher": None, "date": None}]
WEIGHTS = (30, 25, 25, 20)
GUIDANCE = (
    "Lien avec la transformation publique, nouveauté, reprise possible ailleurs."
    " 0 : entretien de l’existant. 5 : changement démontré.",
    "Effets mesurables pour les usagers et pour les agents."
    " 0 : non démontrés. 5 : mesurés par un pilote, avec une valeur de départ.",
    "Montant, durée et méthode de chiffrage."
    " 0 : non étayées. 5 : arrêtées avec le responsable budgétaire, et récurrentes.",
    "Équipe, cofinancement, décision, calendrier."
    " 0 : équipe à constituer. 5 : équipe en place, étapes courtes.",
)


KIND = Organisation.Kind
CARRIERS = [
    {"kind": KIND.MINISTRY},
    {"kind": KIND.CENTRAL},
    {"kind": KIND.NATIONAL},
    {"kind": KIND.DECONCENTRATED, "threshold": 200_000},
    {"kind": KIND.OPERATOR},
]


@dataclass(frozen=True)
class Dossier:
    """An invented application and how far it goes: draft, awaiting_visa, filed, eligible or reviewed.

    `told` is what the secretariat answers its carrier, who wrote to it and filed twice; of a `clarifying` one it asks
    for more.
    """

    title: str
    carrier: str
    subject: str
    solution: str
    goes: str
    grant: int
    cost: int
    told: str = ""
    clarifying: bool = False


# The demonstration's own carrier keeps a draft, one to sign and one filed; the others are invented bodies.
DOSSIERS = [
    Dossier(
        title="Accueil numérique des usagers en préfecture",
        carrier=CARRIER,
        subject="cartes de stationnement",
        solution="Guichet numérique",
        goes="draft",
        grant=3_200_000,
        cost=7_400_000,
    ),
    Dossier(
        title="Compte rendu d’intervention sur le terrain",
        carrier=CARRIER,
        subject="gestion des secours",
        solution="Poste de terrain mobile",
        goes="awaiting_visa",
        grant=1_850_000,
        cost=4_100_000,
    ),
    Dossier(
        title="Guichet unique des aides à la rénovation",
        carrier="Agence fictive du littoral nord",
        subject="aides à la rénovation des logements",
        solution="Guichet numérique",
        goes="filed",
        grant=4_600_000,
        cost=9_900_000,
    ),
    Dossier(
        title="Centre de gestion des achats courants",
        carrier=CARRIER,
        subject="achats courants",
        solution="Centre de services partagés",
        goes="filed",
        grant=2_400_000,
        cost=6_000_000,
        clarifying=True,
    ),
    Dossier(
        title="Assistant d’instruction des bourses d’études",
        carrier="Université fictive du Haut-Plateau",
        subject="bourses d’études",
        solution="Assistant d’instruction",
        goes="eligible",
        grant=5_100_000,
        cost=12_300_000,
    ),
    Dossier(
        title="Agréments professionnels en ligne",
        carrier=CARRIER,
        subject="agréments professionnels",
        solution="Guichet numérique",
        goes="filed",
        grant=2_100_000,
        cost=4_700_000,
        told="Bonjour, oui. Pouvez-vous nous dire quels services participent au pilote ? Merci. (Message fictif.)",
    ),
    Dossier(
        title="Collecte des archives nées numériques",
        carrier="Institut fictif des archives sonores",
        subject="archives nées numériques",
        solution="Données partagées",
        goes="reviewed",
        grant=1_300_000,
        cost=2_900_000,
    ),
]
# Whom the draft's certifier invites, and for which partner.
GUESTS = {
    "redacteur@interieur.example": "",
    "agent@partenaire.example": "Région fictive des Deux-Rives",
    "nouveau@partenaire.example": "Région fictive des Deux-Rives",
}


def are_loaded():
    filed = [dossier for dossier in DOSSIERS if dossier.goes == "reviewed"]
    return Review.objects.filter(
        state=Review.State.FINISHED,
        case__application__call__code=CODE,
        case__application__title=filed[-1].title,
    ).exists()


def load():
    people = {name: User.objects.get(email=f"{name}@ditp.example") for name in ("agent", "responsable")}
    fund = Fund.objects.get(slug=FUND)
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    Envelope.objects.get_or_create(
        fund=fund,
        year=today.year,
        defaults={"commitments": 200_000_000, "payments": 120_000_000, "sources": NOTE},
    )
    # Three weeks each way. « À minuit » is the end of the last day.
    call = make_call(
        fund,
        CODE,
        "Appel de démonstration (fictif)",
        today - timedelta(weeks=3),
        today + timedelta(days=22),
        people,
    )
    upcoming = today + timedelta(weeks=9)
    make_call(
        fund,
        UPCOMING,
        "Prochain appel de démonstration (fictif)",
        upcoming,
        upcoming + timedelta(days=43),
        people,
    )
    for position, dossier in enumerate(DOSSIERS):
        play(dossier, call, people["agent"], random.Random(SEED + position))  # noqa: S311 - a play, not a secret
    desk.load(call, officer=people["agent"], head=people["responsable"])


def make_call(fund, code, title, opens_at, closes_at, people, **fields):
    """Prepared and submitted by the officer, published by the head."""
    call = Call.objects.filter(code=code).first() or calls.prepare_call(
        fund=fund,
        by=people["agent"],
        code=code,
        title=title,
        summary="Transformer un service public : mieux servir les usagers, mieux travailler, dépenser moins."
        " Cet appel n’existe que dans la démonstration.",
        description="Cet appel fictif reprend les règles connues des premiers appels du fonds : thèmes, critères,"
        " cofinancement obligatoire, dépôt par le valideur de l’organisme porteur.\n\nLes poids des critères,"
        " le plafond et le taux maximal sont inventés.",
        contact_email=people["agent"].email,
        opens_at=opens_at,
        closes_at=closes_at,
        committee_on=(closes_at + timedelta(weeks=8)).date(),
        announced_on=(closes_at + timedelta(weeks=12)).date(),
        threshold=500_000,
        threshold_base=Call.Base.GRANT,
        ceiling=50_000_000,
        cofinancing_required=True,
        max_rate=Decimal("0.75"),
        grouped_accepted=True,
        fictitious=True,
        themes=Theme.objects.all(),
        form=default_definition(),
        **({"questions_until": closes_at - timedelta(weeks=1)} | fields),
    )
    if call.state == Call.State.PUBLISHED:
        return call
    if call.state == Call.State.DRAFT:
        _complete(call, people["agent"])
        publication.submit_call(call, by=people["agent"])
    return publication.publish_call(call, by=people["responsable"])


def _complete(call, officer):
    """Who may apply, on what they are judged, and the cahier des charges."""
    calls.set_carrier_rules(call, CARRIERS, by=officer)
    rows = zip(CRITERIA, WEIGHTS, GUIDANCE, strict=True)
    calls.set_criteria(
        call,
        [{"label": label, "weight": weight, "guidance": guidance} for label, weight, guidance in rows],
        by=officer,
    )
    if not call.documents.exists():
        calls.add_document(
            call,
            kind=CallDocument.Kind.SPECIFICATIONS,
            title="Cahier des charges (fictif)",
            file=storage.store([specifications.pdf(call)], content_type="application/pdf"),
            name=f"cahier-des-charges-{call.slug}.pdf",
            by=officer,
        )


def play(dossier, call, officer, rng, reviewers=()):
    """Take a dossier from wherever it stands to where it goes; `reviewers` are named before any of them has read."""
    organisation, writer, certifier = _carrier(dossier)
    application = Application.objects.filter(call=call, title=dossier.title).first()
    solution = names.SOLUTIONS[dossier.solution]
    application = application or applications.create_application(
        call=call,
        organisation=organisation,
        title=dossier.title,
        themes=Theme.objects.filter(slug__in={solution.theme, *([DIGITAL] if solution.is_digital else [])}),
        fictitious=True,
        by=writer,
    )
    year = timezone.localdate(application.created_at or clock.now()).year + 1
    answers = texts.write_answers(
        rng, subject=names.SUBJECTS[dossier.subject], solution=solution, first_year=year, years=3
    )
    if dossier.goes == "draft":
        # A draft may be incomplete: some sections written, the money still to come.
        answers = dict(list(answers.items())[:3])
    if application.state == Application.State.DRAFT:
        _write(application, answers, dossier, year, writer)
    if dossier.goes == "draft":
        _invite(application, certifier)
        _share(application, writer, certifier)
        exchanges.support(application, writer=writer, officer=officer)
        return
    if application.state == Application.State.DRAFT:
        applications.ask_for_visa(application, by=writer)
    if dossier.goes == "awaiting_visa":
        return
    if application.state != Application.State.CLARIFYING:
        applications.file_application(application, by=certifier)
        application.refresh_from_db()
    if dossier.told:
        exchanges.file_again(application, writer=writer, certifier=certifier)
        exchanges.talk(application, answer=dossier.told, writer=writer, officer=officer)
    if dossier.clarifying:
        exchanges.ask_for_more(application, officer=officer)
    if dossier.goes in ("eligible", "reviewed"):
        case = Case.objects.get(application=application)
        if case.state == Case.State.TO_CHECK:
            case = eligibility.declare_eligible(application, by=officer)
        if dossier.goes == "eligible":
            opinions.ask(case, officer=officer)
        if dossier.goes == "reviewed" and case.review_score is None:
            if reviewers:
                assign_reviewers(case, reviewers, by=officer)
            opinions.ask_and_give(case, officer=officer)
            _review(case, call, dossier, officer)


def _invite(application, certifier):
    """A second writer and a partner's agent, who have accepted; and someone who has not answered yet."""
    for email, guest_of in GUESTS.items():
        user = User.objects.filter(email=email).first()
        role = "writer" if user else "reader"
        invited = application.invited.to(email).first() or applications.invite(
            application, email=email, role=role, guest_of=guest_of, by=certifier
        )
        if user and invited.invitation.accepted_at is None:
            applications.accept_invitation(invited, by=user)


def _write(application, answers, dossier, year, writer):
    written = set(application.sections.values_list("section_key", flat=True))
    for section, texts_ in answers.items():
        if section not in written:
            applications.save_section(application, section, texts_, version=0, by=writer)
    if dossier.goes == "draft":
        return
    shares = (Decimal("0.3"), Decimal("0.45"), Decimal("0.25"))
    parts = (
        ("fund", "Réalisation et déploiement", dossier.grant),
        ("own", "Équipe projet", dossier.cost - dossier.grant),
    )
    financing = [
        {"year": year + offset, "source": source, "label": label, "amount": total * share}
        for offset, share in enumerate(shares)
        for source, label, total in parts
    ]
    savings = [
        {
            "year": year + 2 + offset,
            "label": "Temps de saisie et de relance",
            "amount": dossier.grant * share,
            "recurring": True,
        }
        for offset, share in enumerate((Decimal("0.1"), Decimal("0.25"), Decimal("0.35")))
    ]
    applications.set_table(application, "financing", financing, by=writer)
    applications.set_table(application, "savings", savings, by=writer)


def _share(application, writer, certifier):
    """What awaits its writer: a section of theirs that is not begun, and a remark of the certifier's."""
    application.sections.get_or_create(section_key="financement", defaults={"owner": writer})
    application.section_remarks.get_or_create(
        kind=Remark.Kind.VISA, section_key="projet", text=REMARK, written_by=certifier
    )


def _review(case, call, dossier, officer):
    comments = names.REVIEW_COMMENTS["high"]
    scores = [
        {"criterion": criterion, "value": value, "comment": comments[value % 2]}
        for criterion, value in zip(call.criteria.all(), (4, 4, 3, 5), strict=True)
    ]
    reviews.save_review(
        case,
        scores=scores,
        comment=comments[0],
        recommendation=Review.Recommendation.FAVOURABLE,
        proposed_amount=Decimal(dossier.grant),
        finished=True,
        by=officer,
    )


@transaction.atomic
def _carrier(dossier):
    """The carrier with who writes and who certifies there; invented ones are made, nobody signs in for them."""
    if dossier.carrier == CARRIER:
        organisation = Organisation.objects.get(slug=CARRIER)
        people = [User.objects.get(email=f"{role}@interieur.example") for role in ("porteur", "valideur")]
        return organisation, *people
    slug = dossier.carrier.lower().replace(" ", "-").replace("é", "e")
    kind = names.kind_of(dossier.carrier)
    organisation, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": dossier.carrier, "kind": kind, "fictitious": True, "sources": NOTE}
    )
    people = []
    for name, role in (("porteur", Membership.Role.CONTRIBUTOR), ("valideur", Membership.Role.CERTIFIER)):
        user, _ = User.objects.get_or_create(
            email=f"{name}@{slug}.example",
            defaults={"name": f"{name.capitalize()}, {dossier.carrier}", "password": make_password(None)},
        )
        Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
        people.append(user)
    return organisation, *people

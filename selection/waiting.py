"""What waits for one person of the secretariat today, whatever the call: the top of their door."""

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from applications import exchanges
from applications.models import Application
from calls.models import FundRole
from documents.failures import failures_of
from selection import page_checks
from selection.dashboard import LATE_OPINION, OPEN, Alert, list_url
from selection.models import (
    Announcement,
    Case,
    ConflictDeclaration,
    Decision,
    IneligibilityProposal,
    Laureate,
    LaureateChange,
    Promotion,
    Review,
)


def mine(user):
    """What this person is in charge of and what they alone, or someone else than its author, may settle."""
    readable = Case.objects.readable_by(user).standing()
    in_charge = readable.filter(OPEN, officer=user)
    counts = in_charge.aggregate(open=Count("pk"), late_opinions=Count("pk", filter=LATE_OPINION))
    unanswered = exchanges.unanswered(
        Application.objects.filter(case__in=in_charge.values("pk")), by_secretariat=True
    )
    reviews = Review.objects.blinding(user).filter(case__in=readable.values("pk"))
    found = [
        Alert(
            reviews.count(),
            "évaluation à terminer",
            "évaluations à terminer",
            reverse("selection:my_reviews"),
        ),
        Alert(
            len(unanswered),
            "de mes dossiers attend une réponse à un message",
            "de mes dossiers attendent une réponse à un message",
            list_url(agent="moi", attend="message"),
        ),
        Alert(
            counts["late_opinions"],
            "de mes dossiers attend un avis en retard",
            "de mes dossiers attendent un avis en retard",
            list_url(agent="moi", avis="en-retard"),
        ),
        *_to_settle(user, readable),
        Alert(
            page_checks.to_settle_by(user).count(),
            "page de lauréat est corrigée par son porteur : à reprendre ou non",
            "pages de lauréats sont corrigées par leur porteur : à reprendre ou non",
            reverse("selection:announcement_desk"),
        ),
        *after_decision(user),
        Alert(
            len(failures_of(user)),
            "document n’a pas pu être fabriqué",
            "documents n’ont pas pu être fabriqués",
            reverse("selection:failed_documents"),
        ),
        Alert(
            counts["open"],
            "dossier ouvert dont j’ai la charge",
            "dossiers ouverts dont j’ai la charge",
            list_url(agent="moi", attend="instruction"),
            pressing=False,
        ),
    ]
    return [alert for alert in found if alert.count]


def after_decision(user):
    """What laureates that gave up leave to the secretariat: who is proposed, and what the public is to be told."""
    readable = Case.objects.readable_by(user)
    proposed = Promotion.objects.proposed().filter(reserve__item__case__in=readable.values("pk"))
    named = Laureate.objects.public().filter(case__in=readable.values("pk"), case__withdrawn=True)
    of_it = LaureateChange.objects.filter(laureate=OuterRef("pk"), kind=LaureateChange.Kind.WITHDREW)
    untold = named.filter(~Exists(of_it.filter(approved_at__isnull=False)))
    told = LaureateChange.objects.filter(
        laureate__case=OuterRef("item__case"), kind=LaureateChange.Kind.JOINED, approved_at__isnull=False
    )
    announced = Announcement.objects.public().filter(call=OuterRef("item__case__application__call"))
    promoted = Decision.objects.kept().filter(
        ~Exists(told), Exists(announced), promotion__isnull=False, item__case__in=readable.values("pk")
    )
    promoted = promoted.exclude(item__case__laureate__in=Laureate.objects.named_at_first())
    found = [
        Alert(
            proposed.count(),
            "reprise de la liste complémentaire attend la présidence du comité",
            "reprises de la liste complémentaire attendent la présidence du comité",
            reverse("selection:withdrawals"),
            pressing=False,
        ),
        Alert(
            untold.count() + promoted.count(),
            "changement parmi des lauréats annoncés est à préparer ou à publier",
            "changements parmi des lauréats annoncés sont à préparer ou à publier",
            reverse("selection:announcement_desk"),
        ),
    ]
    return [alert for alert in found if alert.count]


def _to_settle(user, readable):
    """What another than its author settles; an auditor settles nothing."""
    settled_by_me = readable.filter(
        call__fund__in=FundRole.objects.filter(user=user, role__in=FundRole.SECRETARIAT).values("fund")
    )
    proposals = IneligibilityProposal.objects.filter(
        case__in=settled_by_me.values("pk"), settled_at=None
    ).exclude(proposed_by=user)
    declarations = ConflictDeclaration.objects.filter(
        application__case__in=settled_by_me.values("pk"), state=ConflictDeclaration.State.TO_SETTLE
    ).exclude(user=user)
    return [
        Alert(
            proposals.count(),
            "irrecevabilité proposée par un collègue, à accepter ou refuser",
            "irrecevabilités proposées par des collègues, à accepter ou refuser",
            list_url(attend="irrecevabilite"),
        ),
        Alert(
            declarations.count(),
            "déclaration d’intérêts à trancher",
            "déclarations d’intérêts à trancher",
            reverse("selection:declarations"),
        ),
    ]

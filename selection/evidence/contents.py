"""What each file of the evidence says: plain rows of a session, under French keys, as LISEZ-MOI.txt describes them.

The numbers are those of the database, which the journal names; codes such as « for » are the journal's own.
"""

from django.db.models import Prefetch

from applications.models import Recusal
from calls.models import Criterion
from documents.models import ProducedDocument
from selection.access import whole_book_key
from selection.models import Ballot, Commitment, ConflictDeclaration, Decision, Minutes, Scorecard, Vote
from selection.seats import seats_when_closed

FORMAT = 1
BOOK = "selection.committee_book"
MINUTES = "selection.minutes"


def session(found):
    """The session, its committee, who sits, what is scored, the envelope; and the name of everybody who is numbered."""
    committee, envelope = found.committee, found.envelope
    calls = found.items.values("case__application__call")
    criteria = Criterion.objects.filter(call__in=calls).select_related("call").order_by("call", "position")
    return {
        "format": FORMAT,
        "seance": {
            "numero": found.pk,
            "intitule": found.title,
            "date": found.held_on,
            "heure": found.starts_at,
            "lieu": found.place,
            "etat": found.state,
            "ouverte_le": found.opened_at,
            "close_le": found.closed_at,
            "quorum": found.quorum,
            "mode_de_vote": found.vote_mode,
            "regle_de_partage": found.tie_rule,
        },
        "comite": {"nom": committee.name, "fonds": committee.fund.name, "pouvoir": committee.power},
        "enveloppe": {
            "numero": envelope.pk,
            "annee": envelope.year,
            "autorisations_d_engagement": envelope.commitments,
            "credits_de_paiement": envelope.payments,
        },
        "sieges": [
            {
                "numero": seat.pk,
                "fonction": seat.title,
                "personne": seat.user_id,
                "nom": seat.user.name,
                "preside": seat.is_chair,
                "supplee": seat.is_deputy_chair,
                "voix_deliberative": seat.is_voting,
                "perimetre": seat.scope and seat.scope.slug,
                "fin": seat.ended_at,
            }
            for seat in seats_when_closed(found)
        ],
        "criteres": [
            {
                "numero": criterion.pk,
                "appel": criterion.call.code,
                "cle": criterion.key,
                "intitule": criterion.label,
                "poids": criterion.weight,
                "note_maximale": criterion.call.scale_max,
                "note_minimale": criterion.minimum,
            }
            for criterion in criteria
        ],
    }


def attendance(found):
    stays = found.attendances.order_by("pk")
    statements = found.statements.order_by("pk")
    return {
        "presences": [
            {
                "numero": stay.pk,
                "siege": stay.seat_id,
                "arrivee": stay.arrived_at,
                "depart": stay.left_at,
            }
            for stay in stays
        ],
        "declarations": [
            {"numero": each.pk, "siege": each.seat_id, "texte": each.text, "faite_le": each.made_at}
            for each in statements
        ],
    }


def conflicts(found):
    """Who must have nothing to do with a dossier of the agenda, and what was settled of the others."""
    applications = found.items.values("case__application")
    recusals = Recusal.objects.filter(application__in=applications).select_related("application", "user")
    ties = ConflictDeclaration.objects.filter(application__in=applications)
    ties = ties.select_related("application", "user", "raised_by", "settled_by")
    return {
        "deports": [
            {
                "numero": each.pk,
                "dossier": each.application.reference,
                "personne": each.user_id,
                "nom": each.user.name,
                "motif": each.reason,
                "declare_le": each.declared_at,
            }
            for each in recusals.order_by("pk")
        ],
        "liens": [
            {
                "numero": each.pk,
                "dossier": each.application.reference,
                "personne": each.user_id,
                "nom": each.user.name,
                "motifs": each.grounds,
                "etat": each.state,
                "souleve_le": each.raised_at,
                "souleve_par": _name(each.raised_by),
                "motivation": each.reason,
                "tranche_le": each.settled_at,
                "tranche_par": _name(each.settled_by),
            }
            for each in ties.order_by("pk")
        ],
    }


def agenda(found):
    items = found.items.select_related("case__application__call", "case__submission", "book")
    items = items.prefetch_related("case__application__themes").order_by("position")
    return {
        "points": [
            {
                "numero": item.pk,
                "rang": item.position,
                "dossier": item.case.application.reference,
                "candidature": item.case.application_id,
                "projet": item.case.title,
                "porteur": item.case.carrier,
                "appel": item.case.application.call.code,
                "themes": sorted(theme.slug for theme in item.case.application.themes.all()),
                "etat": item.state,
                "montant_propose": item.proposed_amount,
                "motif_du_renvoi": item.put_off_because,
                "livre": item.book and item.book.number,
                "depot_sha256": item.case.submission.sha256,
                "fictif": item.case.application.fictitious,
            }
            for item in items
        ],
        "documents": [
            {
                "numero": each.pk,
                "nom": each.name,
                "octets": each.file.size,
                "sha256": each.file.sha256,
            }
            for each in found.documents.select_related("file").order_by("pk")
        ],
    }


def commitments(found):
    rows = Commitment.objects.filter(item__session=found).order_by("pk")
    return [
        {
            "numero": each.pk,
            "point": each.item_id,
            "siege": each.seat_id,
            "sha256": each.sha256,
            "scelle_le": each.sealed_at,
        }
        for each in rows
    ]


def cards(found):
    """The cards of the items that were revealed: what is still sealed stays so."""
    rows = Scorecard.objects.filter(item__session=found).exclude(item__state="scoring")
    return [
        {
            "numero": card.pk,
            "point": card.item_id,
            "siege": card.seat_id,
            "tour": card.round,
            "notes": {score.criterion.key: score.value for score in card.scores.all()},
            "commentaire": card.comment,
            "montant": card.amount,
            "cle_du_scelle": card.nonce,
            "ecartee": card.set_aside,
            "notee_le": card.scored_at,
        }
        for card in rows.prefetch_related("scores__criterion").order_by("item", "seat", "round")
    ]


def votes(found):
    rows = Vote.objects.filter(item__session=found).select_related("opened_by", "closed_by")
    ballots = Prefetch("ballots", Ballot.objects.order_by("pk"))
    return [
        {
            "numero": vote.pk,
            "point": vote.item_id,
            "rang": vote.number,
            "mode": vote.mode,
            "ouvert_le": vote.opened_at,
            "ouvert_par": vote.opened_by.name,
            "clos_le": vote.closed_at,
            "clos_par": _name(vote.closed_by),
            "adopte": vote.carried,
            "montant": vote.amount,
            "constat": vote.note,
            "bulletins": [
                {
                    "numero": ballot.pk,
                    "siege": ballot.seat_id,
                    "choix": ballot.choice,
                    "montant": ballot.amount,
                    "vote_le": ballot.cast_at,
                }
                for ballot in vote.ballots.all()
            ],
        }
        for vote in rows.prefetch_related(ballots).order_by("item", "number")
    ]


def decisions(found):
    rows = Decision.objects.of_sessions().filter(item__session=found).select_related("decided_by", "item")
    return [
        {
            "numero": each.pk,
            "point": each.item_id,
            "revision": each.revision,
            "en_vigueur": each.item.decision_id == each.pk,
            "enveloppe": each.envelope_id,
            "sens": each.outcome,
            "intitule": each.label,
            "montant": each.amount,
            "motif": each.reason,
            "sous_condition": each.is_conditional,
            "conditions": each.conditions,
            "jalons": each.milestones,
            "rang": each.rank,
            "demande": each.asked,
            "correction": each.correction,
            "motifs_par_critere": {reason.criterion.label: reason.text for reason in each.reasons.all()},
            "decidee_par": each.decided_by.name,
            "decidee_le": each.decided_at,
        }
        for each in rows.prefetch_related("reasons__criterion").order_by("item", "revision")
    ]


def books(found):
    """(the books as they were frozen, {name in the ZIP: the PDF's stored file}); the last book made where none was."""
    rows = list(found.books.select_related("frozen_by").order_by("number"))
    keys = {f"book/{book.pk}": f"livre-{book.number}.pdf" for book in rows}
    made = ProducedDocument.objects.latest_of_each(BOOK, keys or [whole_book_key(found)])
    files = {keys.get(key, "livre.pdf"): each.file for key, each in sorted(made.items()) if each.file}
    said = [
        {
            "numero": book.pk,
            "rang": book.number,
            "fige_le": book.frozen_at,
            "fige_par": book.frozen_by.name,
            "sha256": book.sha256,
            "contenu": book.content,
            "pdf": name if (name := keys[f"book/{book.pk}"]) in files else None,
        }
        for book in rows
    ]
    return said, files


def minutes(found):
    """(what is said of the relevé de décisions, the relevé itself or None, the stored file of its PDF or None)."""
    kept = Minutes.objects.filter(session=found).first()
    if kept is None:
        return {"etat": "aucun relevé", "sha256": "", "signatures": []}, None, None
    made = ProducedDocument.objects.latest(MINUTES, str(kept.pk))
    said = {
        "numero": kept.pk,
        "etat": "signé" if found.state == "minutes_signed" else "non signé",
        "sha256": kept.sha256,
        "pdf": "releve.pdf" if made and made.file else None,
        "signatures": [
            {
                "numero": each.pk,
                "qualite": each.role,
                "personne": each.user_id,
                "nom": each.user.name,
                "sha256": each.sha256,
                "signe_le": each.signed_at,
            }
            for each in kept.signatures.select_related("user").order_by("pk")
        ],
    }
    return said, kept, made and made.file


def _name(user):
    return user and user.name

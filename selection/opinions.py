"""Opinions as they are read: by the expert, who reads what was opened to them; by the secretariat; by the committee."""

from django.db.models import Prefetch, Q
from django.db.models.functions import Now

from applications.dossier import ANONYMOUS, carrier_facts, present
from applications.models import Submission
from applications.tables import TABLES
from calls.models.call import deadline_text
from calls.money import euros
from selection.models import (
    AgendaItem,
    CommitteeSession,
    Decision,
    Opinion,
    OpinionFile,
    OpinionRequest,
    OpinionScore,
)

HIDDEN = {"name": ANONYMOUS, "kind": "", "siren": "", "ministry": None}
Confidentiality = OpinionRequest.Confidentiality


# When opinions are closed


def sessions_closing(case):
    """The sessions of whose opening the opinions on a case are or will be closed; not those that passed it on."""
    items = _kept_items().filter(case=case)
    return CommitteeSession.objects.filter(pk__in=items.values("session")).order_by("pk")


def closed_cases():
    """The keys of the cases on which nobody gives an opinion any more, as `why_closed` says of one."""
    begun = ~Q(session__state=CommitteeSession.State.CONVENED)
    return _kept_items().filter(begun).values("case")


def _kept_items():
    """Those whose dossier is not open to opinions again: deferred, put off, or proposed to another committee."""
    passed_on = Decision.objects.filter(Q(outcome=Decision.Outcome.DEFERRED) | Q(envelope=None))
    return AgendaItem.objects.exclude(state=AgendaItem.State.PUT_OFF).exclude(decision__in=passed_on)


# The cases of which an opinion is late: once closed, it is awaited no more
LATE = Q(opinion_due_at__lt=Now()) & ~Q(pk__in=closed_cases())


def why_closed(sessions):
    """Why nobody gives an opinion any more, in a sentence; empty while one may. `sessions`: of `sessions_closing`."""
    for session in sessions:
        if session.state != CommitteeSession.State.CONVENED:
            return (
                f"Les avis sur ce dossier sont clos depuis l’ouverture de la séance « {session} » : le comité en"
                " délibère. Ce qui était rendu ou enregistré est gardé ; écrivez au secrétariat s’il faut y revenir."
            )
    return ""


def why_over(asked):
    """Why an expert no longer opens what was asked of them, in a sentence."""
    if asked.case.withdrawn:
        return "Le porteur a retiré ce dossier : aucun avis n’y est plus attendu."
    if asked.declined_at:
        return "Vous avez décliné cette demande : un avis ne s’y rend plus. Écrivez au secrétariat pour la reprendre."
    reason = f" Motif : {asked.revoke_reason}" if asked.revoke_reason else ""
    return f"Cette demande d’avis est retirée : rien n’est enregistré.{reason}"


# What an expert reads


def opened(asked):
    """What an expert may read of the frozen submission, as `applications.dossier.present` makes it, and `facts`.

    What is withheld is taken out before anything is made of it: neither its answers nor its sums nor its name remain.
    """
    filed, content = asked.case.submission, opened_content(asked)
    read = Submission(
        application=asked.case.application,
        revision=filed.revision,
        content=content,
        sha256=filed.sha256,
        requested_grant=filed.requested_grant,
        total_cost=filed.total_cost,
        promised_savings=filed.promised_savings,
        filed_at=filed.filed_at,
    )
    return present(read) | {"facts": _facts(asked, filed, content)}


def opened_content(asked):
    """The content of the submission with only what the request opens."""
    content, sees = asked.case.submission.content, asked.sees
    keys, attachments = sees.get("sections"), sees.get("attachments", False)
    sections = [_section(section, attachments) for section in content["sections"] if _is_open(section, sees)]
    if keys is not None:
        sections = [section for section in sections if section["key"] in keys]
    kinds = {section["kind"] for section in sections}
    questions = {answer["key"] for section in sections for answer in section["answers"]}
    questions |= {""} if "attachments" in kinds else set()
    files = [each for each in content["attachments"] if each.get("question", "") in questions]
    read = content | {
        "sections": sections,
        "attachments": files if attachments else [],
        **{kind: [] for kind in TABLES if kind not in kinds},
    }
    return read if names_carrier(asked) else read | {"anonymous": True, "organisation": HIDDEN}


def names_carrier(asked):
    """Whether the expert is told whose dossier it is; never that of an anonymous call."""
    return asked.sees.get("carrier", False) and not asked.case.submission.content.get("anonymous")


def is_partial(asked):
    """Whether something of the dossier is withheld from the expert."""
    sees = asked.sees
    return sees.get("sections") is not None or not sees.get("attachments") or not sees.get("carrier")


def _is_open(section, sees):
    return section["kind"] != "attachments" or sees.get("attachments", False)


def _section(section, attachments):
    """A section, without the questions that are answered by files where the files are withheld."""
    if attachments:
        return section
    return section | {
        "answers": [answer for answer in section["answers"] if answer.get("type") != "files"],
    }


def _facts(asked, filed, content):
    kinds = {section["kind"] for section in content["sections"]}
    facts = [
        ("Référence", asked.case.application.reference),
        ("Appel à projets", content["call"]["title"]),
        *carrier_facts(content, hidden=not names_carrier(asked)),
        ("Thèmes", ", ".join(content["themes"]) or "aucun"),
    ]
    if "financing" in kinds:
        facts.append(("Subvention demandée", euros(filed.requested_grant)))
        facts.append(("Coût total du projet", euros(filed.total_cost)))
    if "savings" in kinds:
        facts.append(("Économies attendues", euros(filed.promised_savings)))
    return facts


# What was given


def of_case(case):
    """Every request on a case with its opinions, the latest of each first; those that no longer stand at the end."""
    found = _with_opinions(OpinionRequest.objects.filter(case=case))
    return sorted(found, key=lambda asked: (bool(asked.revoked_at or asked.declined_at), asked.pk))


def for_committee(case):
    """The latest opinion of each request that stands and that the committee reads."""
    return for_committee_of_each([case])[case.pk]


def for_committee_of_each(cases):
    """{key of a case: the same}, in as many queries as of one."""
    told = {case.pk: [] for case in cases}
    asked = OpinionRequest.objects.standing().filter(
        case__in=cases, confidentiality=Confidentiality.COMMITTEE
    )
    for each in _with_opinions(asked):
        told[each.case_id] += each.opinions.all()[:1]
    return told


def given_by(asked):
    """The versions that an expert gave, the latest first."""
    [read] = _with_opinions(OpinionRequest.objects.filter(pk=asked.pk))
    return read.opinions.all()


def files_of(asked):
    return OpinionFile.objects.select_related("file").filter(opinion__request=asked)


def _with_opinions(requests):
    scores = OpinionScore.objects.select_related("criterion").order_by("criterion__position")
    given = Opinion.objects.select_related("given_by").order_by("-revision")
    given = given.prefetch_related(Prefetch("scores", scores), "files__file")
    people = requests.select_related("expert", "asked_by", "revoked_by", "invitation")
    return people.prefetch_related(Prefetch("opinions", given)).order_by("pk")


def late(case):
    """The requests on a case whose time is over without an opinion, while one may still be given."""
    awaited = OpinionRequest.objects.awaited().filter(case=case, due_at__lte=Now())
    return awaited.exclude(case__in=closed_cases())


def standing_of(asked, now, *, closed):
    """(label, tone of its badge) of where a request is, from `of_case`; `closed` says whether opinions on it are."""
    given = asked.opinions.all()
    if asked.revoked_at:
        return "retirée", "neutral"
    if asked.declined_at:
        return "déclinée", "warning"
    if given:
        label = "avis rendu"
        return (label if len(given) == 1 else f"{label}, version {given[0].revision}"), "success"
    if closed:
        return "close sans avis", "neutral"
    if asked.due_at <= now:
        return "en retard", "error"
    return ("attendu", "info") if asked.expert_id else ("invitation envoyée", "info")


def due_text(asked):
    return deadline_text(asked.due_at)

"""The totals of a rehearsal, added up again in plain SQL that shares nothing with the portal's own code."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection

from calls.money import published_amount
from fondsportal.demo.rehearsal.announcing import published_amounts
from fondsportal.demo.rehearsal.setting import OFFICERS, SEATS
from journal import actions as journal
from selection import tally
from selection.models import Announcement

HALF_A_THOUSANDTH = Decimal("0.0005")  # averages are kept to the thousandth


@dataclass(frozen=True)
class Check:
    """Something counted twice."""

    label: str
    expected: object
    found: object

    @property
    def holds(self):
        return self.expected == self.found


@dataclass
class Played:
    """What the rehearsal knows it did, to be compared with what the database holds."""

    setting: object
    cast: object
    call: object
    session: object
    announcement: object
    reviews: int
    facts_before: list
    refusals: dict


FILED = """
SELECT count(*), count(DISTINCT a.number), max(a.number), count(DISTINCT a.organisation_id),
       count(DISTINCT a.organisation_id) FILTER (WHERE o.kind = 'ministere'),
       sum(s.requested_grant), sum(s.total_cost), sum(s.promised_savings)
FROM applications_submission s
JOIN applications_application a ON a.id = s.application_id
JOIN accounts_organisation o ON o.id = a.organisation_id
WHERE a.call_id = %(call)s AND a.state = 'filed'
"""
FINANCED = """
SELECT sum(l.amount) FILTER (WHERE l.source = 'fund'), sum(l.amount)
FROM applications_financingline l JOIN applications_application a ON a.id = l.application_id
WHERE a.call_id = %(call)s AND a.state = 'filed'
"""
SAVED = """
SELECT sum(l.amount) FROM applications_savingsline l JOIN applications_application a ON a.id = l.application_id
WHERE a.call_id = %(call)s AND a.state = 'filed'
"""
DIGITAL = """
SELECT count(*) FROM applications_application a
JOIN applications_application_themes t ON t.application_id = a.id JOIN calls_theme h ON h.id = t.theme_id
WHERE a.call_id = %(call)s AND a.state = 'filed' AND h.slug = 'numerique'
"""
LATE = "SELECT count(*) FROM applications_application WHERE call_id = %(call)s AND state <> 'filed' AND number IS NULL"
AFTER_DEADLINE = """
SELECT count(*) FROM applications_submission s JOIN applications_application a ON a.id = s.application_id
JOIN calls_round r ON r.id = a.round_id WHERE a.call_id = %(call)s AND s.filed_at >= r.closes_at
"""
ELIGIBILITY = """
SELECT count(*) FILTER (WHERE e.eligible), count(*) FILTER (WHERE NOT e.eligible AND e.reason <> '')
FROM selection_eligibilitycheck e JOIN selection_case c ON c.id = e.case_id
JOIN applications_application a ON a.id = c.application_id WHERE a.call_id = %(call)s
"""
REVIEWS = """
SELECT count(*) FROM selection_review v JOIN selection_case c ON c.id = v.case_id
JOIN applications_application a ON a.id = c.application_id WHERE a.call_id = %(call)s AND v.state = 'finished'
"""
REVIEW_SCORES = """
SELECT count(*) FROM (
    SELECT c.id, c.review_score, sum(s.value * k.weight)::numeric / sum(k.weight) AS score
    FROM selection_case c JOIN applications_application a ON a.id = c.application_id
    JOIN selection_review v ON v.case_id = c.id AND v.state = 'finished'
    JOIN selection_score s ON s.review_id = v.id JOIN calls_criterion k ON k.id = s.criterion_id
    WHERE a.call_id = %(call)s GROUP BY c.id
) AS again WHERE abs(review_score - score) <= 0.0005
"""
STATES = """
SELECT c.state, count(*) FROM selection_case c JOIN applications_application a ON a.id = c.application_id
WHERE a.call_id = %(call)s GROUP BY c.state
"""
CARDS = """
SELECT count(DISTINCT d.id), count(DISTINCT b.id) FROM selection_agendaitem i
LEFT JOIN selection_scorecard d ON d.item_id = i.id
LEFT JOIN selection_vote v ON v.item_id = i.id LEFT JOIN selection_ballot b ON b.vote_id = v.id
WHERE i.session_id = %(session)s
"""
AVERAGES = """
SELECT item_id, sum(mean * weight) / sum(weight) FROM (
    SELECT d.item_id, s.criterion_id, k.weight, avg(s.value) AS mean
    FROM selection_scorecardscore s JOIN selection_scorecard d ON d.id = s.scorecard_id
    JOIN selection_agendaitem i ON i.id = d.item_id JOIN calls_criterion k ON k.id = s.criterion_id
    WHERE i.session_id = %(session)s GROUP BY d.item_id, s.criterion_id, k.weight
) AS means GROUP BY item_id
"""
VOTES = """
SELECT v.item_id, b.choice, count(*) FROM selection_ballot b JOIN selection_vote v ON v.id = b.vote_id
JOIN selection_agendaitem i ON i.id = v.item_id
WHERE i.session_id = %(session)s GROUP BY v.item_id, b.choice
"""
DECISIONS = """
SELECT count(*) FILTER (WHERE d.outcome = 'selected'), coalesce(sum(d.amount), 0),
       coalesce(sum(d.amount), 0) <= max(e.commitments)
FROM selection_agendaitem i JOIN selection_decision d ON d.id = i.decision_id
JOIN calls_envelope e ON e.id = d.envelope_id
WHERE d.envelope_id = (SELECT envelope_id FROM selection_committeesession WHERE id = %(session)s)
"""
LAUREATES = """
SELECT count(*), count(*) FILTER (WHERE l.fictitious), coalesce(sum(d.amount), 0),
       count(*) FILTER (WHERE l.amount = d.amount AND l.sources = '[]')
FROM selection_laureate l JOIN selection_agendaitem i ON i.case_id = l.case_id
JOIN selection_decision d ON d.id = i.decision_id WHERE l.announcement_id = %(announcement)s
"""
DOCUMENTS = """
SELECT kind, count(*) FROM documents_produceddocument
WHERE state = 'done' AND file_id IS NOT NULL AND pages > 0 AND (
    kind IN ('applications.receipt', 'applications.dossier') AND subject_key IN (
        SELECT s.id::text FROM applications_submission s
        JOIN applications_application a ON a.id = s.application_id WHERE a.call_id = %(call)s)
    OR kind = 'selection.ineligibility_letter' AND subject_key IN (
        SELECT id::text FROM selection_case WHERE call_id = %(call)s)
    OR kind = 'selection.committee_book' AND subject_key ~ ('^session/' || %(session)s || '/[0-9a-f]+$')
    OR kind = 'selection.minutes' AND subject_key IN (
        SELECT m.id::text FROM selection_minutes m JOIN selection_minutessignature g ON g.minutes_id = m.id
        WHERE m.session_id = %(session)s GROUP BY m.id HAVING count(DISTINCT g.user_id) = 2)
    OR kind = 'selection.press_kit' AND subject_key ~ ('^' || %(announcement)s || '/[0-9a-f]+$')
) GROUP BY kind
"""
EMAILS = """
SELECT split_part(split_part(template, '/', 3), '.', 1), count(*) FROM journal_outgoingemail
WHERE "to" LIKE '%%@' || %(domain)s GROUP BY 1
"""
JOURNAL = """
SELECT count(*), count(*) FILTER (WHERE entries = 1) FROM (
    SELECT s.id, (SELECT count(*) FROM journal_entry e WHERE e.event = 'application.filed'
        AND e.subject_type = 'applications.application' AND e.subject_id = s.application_id::text) AS entries
    FROM applications_submission s JOIN applications_application a ON a.id = s.application_id
    WHERE a.call_id = %(call)s
) AS filed
"""
FACTS = [
    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM calls_fund t WHERE NOT rehearsal",
    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t.id), '')) FROM calls_call t"
    " JOIN calls_fund f ON f.id = t.fund_id WHERE NOT f.rehearsal",
    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t.id), '')) FROM calls_envelope t"
    " JOIN calls_fund f ON f.id = t.fund_id WHERE NOT f.rehearsal",
    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t.id), '')) FROM selection_laureate t"
    " JOIN calls_fund f ON f.id = t.fund_id WHERE NOT f.rehearsal",
    "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM accounts_organisation t WHERE NOT fictitious",
]


def facts_fingerprint():
    """The state of everything that a rehearsal must not touch."""
    return [_rows(query)[0][0] for query in FACTS]


def run(played):
    """Every check, in the order of the play."""
    keys = {
        "call": played.call.pk,
        "session": played.session.pk,
        "announcement": played.announcement.pk,
        "domain": played.setting.domain,
    }
    return [
        *_filing(played, keys),
        *_instruction(played, keys),
        *_committee(played, keys),
        *_announcement(played, keys),
        *_traces(played, keys),
        *(Check(label, True, refused) for label, refused in played.refusals.items()),
    ]


def _rows(query, keys=None):
    with connection.cursor() as cursor:
        cursor.execute(query, keys)
        return cursor.fetchall()


def _filing(played, keys):
    projects, scale = played.cast.projects, played.cast.scale
    carriers = {project.carrier for project in projects}
    [row] = _rows(FILED, keys)
    [financed] = _rows(FINANCED, keys)
    count, numbers, highest, bodies, ministries, requested, cost, savings = row
    yield Check("Dossiers déposés", scale.size, count)
    yield Check("Numéros distincts, sans trou", (scale.size, scale.size), (numbers, highest))
    yield Check("Porteurs distincts", len(carriers), bodies)
    yield Check("dont ministères", sum(carrier.kind == "ministere" for carrier in carriers), ministries)
    yield Check("dont projets numériques", scale.digital, _rows(DIGITAL, keys)[0][0])
    yield Check("Subventions demandées (€)", Decimal(scale.requested), requested)
    yield Check("Coût total (€)", Decimal(scale.total_cost), cost)
    yield Check("Les mêmes, d’après les plans de financement (€)", (requested, cost), financed)
    yield Check("Économies promises, d’après leurs lignes (€)", savings, _rows(SAVED, keys)[0][0])
    yield Check("Dépôts enregistrés après la date limite", 0, _rows(AFTER_DEADLINE, keys)[0][0])
    yield Check("Brouillon arrivé trop tard, sans numéro", 1, _rows(LATE, keys)[0][0])


def _instruction(played, keys):
    scale = played.cast.scale
    eligible = scale.size - scale.ineligible
    yield Check(
        "Recevables et irrecevables motivés", (eligible, scale.ineligible), _rows(ELIGIBILITY, keys)[0]
    )
    yield Check("Évaluations terminées", played.reviews, _rows(REVIEWS, keys)[0][0])
    yield Check("Notes d’évaluation recalculées", eligible, _rows(REVIEW_SCORES, keys)[0][0])
    fates = Counter(project.fate for project in played.cast.projects)
    yield Check("Issues des dossiers", dict(fates), dict(_rows(STATES, keys)))


def _committee(played, keys):
    scale = played.cast.scale
    on_agenda = [
        project for project in played.cast.projects if project.fate not in ("ineligible", "not_shortlisted")
    ]
    expected = len(on_agenda) * (len(SEATS) - 1) + sum(project.is_digital for project in on_agenda)
    tallies = {each.item.pk: each for each in tally.table(list(played.session.items.all()))}
    averages, votes = dict(_rows(AVERAGES, keys)), _rows(VOTES, keys)
    agreeing = [pk for pk, found in averages.items() if abs(tallies[pk].average - found) <= HALF_A_THOUSANDTH]
    yield Check("Présélectionnés à l’ordre du jour", scale.shortlisted, len(tallies))
    yield Check("Fiches de notation et bulletins", (expected, expected), _rows(CARDS, keys)[0])
    yield Check("Moyennes pondérées recalculées", scale.shortlisted, len(agreeing))
    counted = {(pk, choice): count for pk, each in tallies.items() for choice, count in each.votes.items()}
    yield Check("Votes recomptés", {(pk, choice): count for pk, choice, count in votes}, counted)
    decided = (scale.laureates, Decimal(scale.granted), True)
    yield Check("Retenus, montant accordé (€), dans l’enveloppe", decided, _rows(DECISIONS, keys)[0])


def _announcement(played, keys):
    scale, facts = played.cast.scale, [project.fact for project in played.cast.projects if project.fact]
    invented = scale.laureates - scale.known
    expected = (scale.laureates, invented, Decimal(scale.granted), invented)
    yield Check(
        "Lauréats, dont inventés et marqués, accordé (€), montants fictifs",
        expected,
        _rows(LAUREATES, keys)[0],
    )
    sourced = {fact["name"]: published_amount(fact["amount_eur"], fact["amount_qualifier"]) for fact in facts}
    yield Check("Lauréats connus, montant publié", sourced, published_amounts(played.announcement))
    public = Announcement.objects.public().filter(pk=played.announcement.pk).count()
    yield Check("Annonces de répétition visibles du public", 0, public)


def _traces(played, keys):
    size, cast = played.cast.scale.size, played.cast
    made = {
        "applications.receipt": size,
        "applications.dossier": size,
        "selection.committee_book": 1,
        "selection.minutes": 1,
        "selection.press_kit": 1,
        "selection.ineligibility_letter": cast.scale.ineligible,
    }
    returned = sum(project.returned for project in cast.projects)
    emails = {
        "call_submitted": 1,
        "visa_requested": size + 1 + returned,
        "returned": returned,
        "filing_receipt": 2 * size,
        "ineligibility_notice": cast.scale.ineligible,
        "ineligibility_proposed": cast.scale.ineligible * OFFICERS,  # the other officers and the head
        "ineligibility_settled": cast.scale.ineligible,
        "convocation": len(SEATS),
        "minutes_to_sign": OFFICERS + 1,  # the others of the secretariat, then the chair
        "minutes_signed": len(SEATS) + OFFICERS + 1,
    }
    emails = {name: count for name, count in emails.items() if count}
    made = {name: count for name, count in made.items() if count}
    yield Check("Documents fabriqués", made, dict(_rows(DOCUMENTS, keys)))
    yield Check("Courriels", emails, dict(_rows(EMAILS, keys)))
    yield Check("Un dépôt au journal par dossier", (size, size), _rows(JOURNAL, keys)[0])
    yield Check("Chaîne du journal intacte", True, _chain_holds())
    yield Check("Faits importés inchangés", played.facts_before, facts_fingerprint())


def _chain_holds():
    journal.seal()
    try:
        call_command("verify_journal", stdout=StringIO())
    except CommandError:
        return False
    return True

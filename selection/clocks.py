"""How long instruction takes, from the deadline to the committee: read in the journal, never kept anywhere.

The measure is that of the funds' official indicator: the calendar days between the last day of the round a dossier was
filed in, in Paris, and the day an event about it was journalled. What came before the deadline counts for zero days.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from selection.models import Case

# (key, what was reached, its definition), in the order of a dossier's life
STEPS = [
    (
        "begun",
        "Premier acte du secrétariat",
        "la première écriture du secrétariat au journal du dossier, son premier message ou sa première demande de"
        " compléments",
    ),
    ("checked", "Recevabilité décidée", "le dossier déclaré recevable ou irrecevable"),
    ("reviewed", "Dernière évaluation terminée", "toutes les évaluations confiées sont terminées"),
    ("scheduled", "Inscription à l’ordre du jour", "la première inscription à une séance du comité"),
    ("decided", "Décision du comité", "la première décision que le comité a validée en séance"),
]
DEFINITION = (
    "Jours calendaires, à l’heure de Paris, entre la date limite de la relève du dossier (son dernier jour) et le"
    " premier événement de chaque étape inscrit au journal. Ce qui a eu lieu avant la date limite compte pour 0 jour."
    " Les dossiers retirés ne comptent pas."
)
# These go no further: no committee is awaited.
ENDED = [
    Case.State.INELIGIBLE,
    Case.State.NOT_SHORTLISTED,
    Case.State.SELECTED,
    Case.State.RESERVE,
    Case.State.REJECTED,
]

# Of the journal, what is about these dossiers alone is read, by its index: never the whole.
SQL = """
WITH filed AS ({chosen}),
chosen AS MATERIALIZED (
    SELECT case_id, dossier_id, now_state = ANY({ended}) AS ended, finished > 0 AND finished >= asked AS all_reviewed,
        ((closes_at - interval '1 microsecond') AT TIME ZONE 'Europe/Paris')::date AS deadline
    FROM filed
),
days AS (
    SELECT chosen.ended, {day} AS age, {days}
    FROM chosen
    CROSS JOIN LATERAL (
        SELECT min(at) AS begun,
            min(at) FILTER (WHERE event IN ('case.declared_eligible', 'case.declared_ineligible')) AS checked,
            max(at) FILTER (WHERE event = 'case.review_finished') AS reviewed
        FROM journal_entry
        WHERE subject_type = 'selection.case' AND subject_id = chosen.case_id::text AND actor_id IS NOT NULL
    ) AS acts
    CROSS JOIN LATERAL (
        SELECT min(at) AS written
        FROM journal_entry entry LEFT JOIN journal_entrydetails details ON details.entry_id = entry.id
        WHERE subject_type = 'applications.application' AND subject_id = chosen.dossier_id::text
            AND (event = 'application.clarification_asked'
                OR event = 'application.message_sent' AND details.content @> '{{"from_secretariat": true}}')
    ) AS exchanged
    CROSS JOIN LATERAL (
        SELECT min(at) FILTER (WHERE event = 'agenda.added') AS scheduled,
            min(at) FILTER (WHERE event = 'item.decided') AS decided
        FROM selection_agendaitem item
        JOIN journal_entry ON subject_type = 'selection.agendaitem' AND subject_id = item.id::text
        WHERE item.case_id = chosen.case_id
    ) AS meetings
)
SELECT count(*), {measures},
    count(*) FILTER (WHERE decided <= {target}),
    count(*) FILTER (WHERE decided > {target}),
    count(*) FILTER (WHERE decided IS NULL AND NOT ended AND age <= {target}),
    count(*) FILTER (WHERE decided IS NULL AND NOT ended AND age > {target}),
    count(*) FILTER (WHERE decided IS NULL AND NOT ended),
    max(age)
FROM days
"""
MEASURE = "count({0}), percentile_cont(0.5) WITHIN GROUP (ORDER BY {0}), max({0})"
# PostgreSQL's greatest() leaves nulls aside: what was not reached would count for zero.
DAY = (
    "CASE WHEN ({0}) IS NOT NULL"
    " THEN greatest(0, (({0}) AT TIME ZONE 'Europe/Paris')::date - chosen.deadline) END"
)
READ = {  # an act of the journal says that it was reached; the state of its reviews says whether they all are
    "begun": "least(acts.begun, exchanged.written)",
    "checked": "acts.checked",
    "reviewed": "CASE WHEN chosen.all_reviewed THEN acts.reviewed END",
    "scheduled": "meetings.scheduled",
    "decided": "meetings.decided",
}


@dataclass(frozen=True)
class Step:
    """How many dossiers reached a step, and in how many days: in the middle of them, and for the slowest."""

    key: str
    label: str
    definition: str
    reached: int
    median: float | None
    longest: int | None


@dataclass(frozen=True)
class Clock:
    """The clocks of many dossiers together; `target` and the counts that compare with it are None without one."""

    dossiers: int
    steps: list
    target: int | None
    in_time: int | None
    late: int | None
    waiting_in_time: int | None
    waiting_late: int | None
    waiting: int
    age: int | None  # days since the earliest deadline, 0 before it

    @property
    def decided(self):
        return self.steps[-1]


def measure(cases, *, target):
    """The clock of these cases, in one query; `target` in days, or None when the fund gives none."""
    chosen = cases.order_by().values(
        case_id=F("pk"),
        dossier_id=F("application"),
        closes_at=Coalesce("application__round__closes_at", "call__closes_at"),
        now_state=F("state"),
        asked=F("reviews_asked"),
        finished=F("reviews_finished"),
    )
    sql, params = chosen.query.sql_with_params()
    query = SQL.format(
        chosen=sql,
        ended="%s",
        target="%s",
        day=DAY.format("statement_timestamp()"),
        days=", ".join(f"{DAY.format(READ[key])} AS {key}" for key, _, _ in STEPS),
        measures=", ".join(MEASURE.format(key) for key, _, _ in STEPS),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, ENDED, *[target] * 4])
        dossiers, *rest = cursor.fetchone()
    steps = [Step(*each, *rest[3 * rank : 3 * rank + 3]) for rank, each in enumerate(STEPS)]
    *compared, waiting, age = rest[3 * len(STEPS) :]
    return Clock(dossiers, steps, target, *(compared if target else [None] * 4), waiting, age)

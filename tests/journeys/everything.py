"""A call that says all that the editor and the builder can say: each rule, each type with each of its settings."""

from calls.questionnaire.definition import KINDS, state_of_play_questions

CHOICES = [{"key": "a", "label": "Une réponse"}, {"key": "b", "label": "Une autre, avec « guillemets »"}]
BOUNDS = {"minimum": "1.5", "maximum": "80"}

# Type → its settings, and what conditions may say of an earlier question.
SETTINGS = {
    "short_text": {"max_words": 12, "help": "En quelques mots."},
    "long_text": {"max_words": 300, "annotation": "Chercher des chiffres.", "criterion": "premier"},
    "markdown": {"max_words": 600, "confidentiality": "secret"},
    "integer": {"minimum": "1", "maximum": "400", "unit": "agents"},
    "decimal": {**BOUNDS, "unit": "jours"},
    "amount": {"minimum": "1000", "maximum": "2000000.5"},
    "percentage": BOUNDS,
    "date": {},
    "period": {},
    "choice": {"choices": CHOICES, "required": True},
    "choices": {"choices": [*CHOICES, {"key": "c", "label": "Une troisième"}]},
    "boolean": {"confidentiality": "public"},
    "email": {},
    "phone": {},
    "url": {},
    "siret": {},
    "organisation": {},
    "department": {},
    "files": {"formats": [".pdf", ".mp4"], "max_megabytes": 150, "max_files": 3, "criterion": "second"},
    "rows": {
        "max_rows": 20,
        "columns": [
            {"key": "nom", "label": "Nom", "type": "short_text", "required": True, "max_words": 8},
            {"key": "cout", "label": "Coût", "type": "amount", "help": "Toutes taxes comprises.", **BOUNDS},
            {"key": "duree", "label": "Durée", "type": "integer", "unit": "mois"},
            {"key": "genre", "label": "Genre", "type": "choice", "choices": CHOICES},
        ],
    },
    "declaration": {"required": True},
}
TESTS = {
    "email": [{"question": "choice", "operator": "is_not", "value": "a"}],
    "phone": [
        {"question": "boolean", "operator": "is", "value": True},
        {"question": "choices", "operator": "includes", "value": "c"},
    ],
    "siret": [{"question": "decimal", "operator": "at_least", "value": "2.5"}],
    "organisation": [{"question": "siret", "operator": "not_answered"}],
    "files": [{"question": "department", "operator": "is", "value": "29"}],
}


def everything():
    """Its plain document, without dates: they are the same for every call."""
    return {
        "fund": "tout",
        "code": "TOUT-DIRE",
        "title": "Un appel qui dit tout",
        "summary": "Chaque règle et chaque question.",
        "programme": "un-programme",
        "themes": ["numerique"],
        "questions_until": "2018-03-10T18:30:00+01:00",
        "committee_on": "2018-05-22",
        "announced_on": "2018-06-20",
        "threshold": "100000.50",
        "threshold_base": "total_cost",
        "ceiling": "5000000.00",
        "cofinancing_required": True,
        "max_rate": "0.4250",
        "flat_grant": "150000.00",
        "grouped_accepted": False,
        "carriers": [
            {"kind": "operateur"},
            {"kind": "service-deconcentre", "base": "grant", "threshold": "20000.00", "ceiling": "90000.00"},
        ],
        "savings_horizon": 3,
        "savings_measure": "cumulated",
        "proposed_by": "experts",
        "decided_by": "jury",
        "paid_by": "operator",
        "expected_laureates": 12,
        "visa_required": True,
        "has_shortlist": True,
        "has_hearings": True,
        "outcomes": [
            {"label": "Retenu", "state": "selected"},
            {"label": "Retenu sous conditions", "state": "selected"},
            {"label": "En attente", "state": "reserve"},
            {"label": "Ajourné", "state": "deferred"},
            {"label": "Écarté", "state": "rejected"},
        ],
        "scale_max": 10,
        "criteria": [
            {"key": "premier", "label": "Premier critère", "weight": 55, "guidance": "Ce qu’il\n\nregarde."},
            {"key": "second", "label": "Second critère", "weight": 45},
        ],
        "form": {"sections": [asking(), *tables()], "checks": checks()},
    }


def asking():
    questions = []
    for kind, settings in SETTINGS.items():
        question = {
            "key": kind.replace("_", "-"),
            "type": kind,
            "label": f"Question de type {kind}",
            **settings,
        }
        if kind in TESTS:
            question["condition"] = {"match": "any" if kind == "phone" else "all", "tests": TESTS[kind]}
        questions.append(question)
    return {
        "key": "tout",
        "title": "Tous les types",
        "kind": "text",
        "help": "Répondez.",
        "questions": questions,
    }


def tables():
    sections = [
        {"key": kind.replace("_", "-"), "title": title, "kind": kind} for kind, title in KINDS.items()
    ]
    sections = [section for section in sections if section["kind"] != "text"]
    for section in sections:
        if section["kind"] == "state_of_play":
            section["questions"] = state_of_play_questions()
        if section["kind"] == "components":
            section["required"] = False
            section["condition"] = {"tests": [{"question": "boolean", "operator": "is", "value": False}]}
    return sections


def checks():
    return [
        {
            "key": "part",
            "left": "@grant",
            "operator": "at_most",
            "share": "0.425",
            "right": "@total_cost",
            "message": "La subvention dépasse 42,5 % du coût total.",
            "condition": {"tests": [{"question": "boolean", "operator": "is", "value": True}]},
        },
        {
            "key": "lignes",
            "left": "rows.#",
            "operator": "at_least",
            "amount": "2",
            "message": "Deux lignes seraient mieux.",
            "blocking": False,
        },
        {
            "key": "somme",
            "left": "rows.cout",
            "operator": "equal",
            "right": "amount",
            "message": "Les coûts des lignes font le montant.",
        },
    ]

"""An officer who builds a call from nothing, through the pages, out of the document that says it.

The document is that of `calls.exchange`, in its plain form: amounts are texts of euros, rates fractions, moments ISO.
What it leaves out is left empty on the page. Nothing is written but what one types, chooses and presses.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localtime
from playwright.sync_api import expect

from accounts.models import Organisation
from calls.models import Call, Outcome, Programme, Theme
from calls.questionnaire import coherence
from calls.questionnaire.conditions import COMPARISONS, OPERATORS
from calls.questionnaire.definition import KINDS
from calls.questionnaire.types import CONFIDENTIALITY, TYPES

ON = "Enregistrer et continuer"


def build(officer, call, *, specifications):
    """From the start page to a call that is ready; `specifications` is the file to join, which the call may name."""
    begin(officer, call)
    set_the_calendar(officer, call)
    set_the_money(officer, call)
    set_the_carriers(officer, call)
    set_the_circuit(officer, call)
    set_the_criteria(officer, call)
    build_the_form(officer, call)
    officer.follow("Étape suivante de la préparation : Documents")
    join_the_document(officer, call, specifications)
    officer.follow("Étape suivante : Textes")
    write_the_texts(officer, call)
    officer.sees("L’appel est prêt")


# The steps of the editor


def begin(officer, call):
    officer.follow("Préparer les appels")
    officer.follow("Nouvel appel")
    officer.follow("Partir de zéro")
    themes = Theme.objects.filter(slug__in=call.get("themes", [])).values_list("label", flat=True)
    said = {"Référence": call["code"], "Titre": call["title"]} | dict.fromkeys(themes, True)
    if call.get("programme"):
        programme = Programme.objects.select_related("fund").get(slug=call["programme"])
        said["Programme"] = f"{programme.fund.code} : {programme.name}"
    officer.fill(said)
    officer.press("Créer l’appel")


def set_the_calendar(officer, call):
    officer.follow("Calendrier", looking=True, exact=True)
    opening = moment(call["opens_at"])
    said = {"Ouverture des dépôts": opening.date().isoformat(), "Heure d’ouverture": hour(opening)}
    if call.get("questions_until"):
        day, at = end_of(call["questions_until"])
        said |= {"Questions du public jusqu’au": day, "Heure limite des questions": at}
    officer.fill(said)
    type_in(officer, {"Comité prévu le": call.get("committee_on"), "Annonce": call.get("announced_on")})
    rounds = [
        dict(zip(("Date limite de dépôt", "Heure limite"), end_of(each), strict=True))
        for each in call["rounds"]
    ]
    fill_rows(officer, rounds)
    officer.press(ON)


def set_the_money(officer, call):
    base = call.get("threshold_base", Call.Base.UNSPECIFIED)
    type_in(
        officer,
        {
            "Seuil (€)": euros(call.get("threshold")),
            "Plafond (€)": euros(call.get("ceiling")),
            "Le seuil et le plafond portent sur": None if base == "unspecified" else Call.Base(base).label,
            "Subvention forfaitaire (€)": euros(call.get("flat_grant")),
            "Taux maximal de la subvention (%)": percent(call.get("max_rate")),
            "Un cofinancement est exigé": call["cofinancing_required"],
            "Dossiers groupés": {True: "acceptés", False: "refusés"}.get(call.get("grouped_accepted")),
            "Nombre d’années après la fin du projet": call.get("savings_horizon"),
            "Économies retenues": label(Call.SavingsMeasure, call.get("savings_measure")),
        },
    )
    officer.press(ON)


def set_the_carriers(officer, call):
    rows = [
        {
            "Nature du porteur": Organisation.Kind(each["kind"]).label,
            "Seuil (€)": euros(each.get("threshold")),
            "Plafond (€)": euros(each.get("ceiling")),
            "Les montants portent sur": label(Call.Base, each.get("base")),
        }
        for each in call.get("carriers", [])
    ]
    fill_rows(officer, rows)
    officer.press(ON)


def set_the_circuit(officer, call):
    type_in(
        officer,
        {
            "Le dépôt demande le visa": call["visa_required"],
            "Candidature anonyme": call["anonymous"],
            "Une présélection précède": call["has_shortlist"],
            "Les présélectionnés sont auditionnés": call["has_hearings"],
            "Qui propose": label(Call.Proposer, call.get("proposed_by")),
            "Qui décide": label(Call.Decider, call.get("decided_by")),
            "Qui signe et paie": label(Call.Payer, call.get("paid_by")),
            "Nombre de lauréats prévu": call.get("expected_laureates"),
        },
    )
    outcomes = [
        {"Décision": each["label"], "Effet": Outcome.State(each["state"]).label} for each in call["outcomes"]
    ]
    fill_rows(officer, outcomes)
    officer.press(ON)


def set_the_criteria(officer, call):
    rows = [
        {
            "Intitulé": each["label"],
            "Poids": each["weight"],
            "Note minimale": each.get("minimum"),
            "Description": each.get("guidance"),
            "Repères": "\n".join(f"{level['score']} : {level['text']}" for level in each.get("levels", [])),
        }
        for each in call["criteria"]
    ]
    type_in(officer, {"Note maximale": call["scale_max"]})
    fill_rows(officer, rows)
    officer.press(ON)


def join_the_document(officer, call, specifications):
    [document] = call["documents"]
    officer.fill({"Titre": document["title"]})
    officer.field("Fichier").set_input_files(specifications)
    officer.press("Ajouter")


def write_the_texts(officer, call):
    type_in(
        officer,
        {
            "Résumé": call.get("summary"),
            "Présentation": call.get("description"),
            "Et après le dépôt ?": call.get("next_steps"),
            "Adresse de contact": call.get("contact_email"),
        },
    )
    officer.press(ON)


# The form


def build_the_form(officer, call):
    form = call["form"]
    labels = {criterion["key"]: criterion["label"] for criterion in call["criteria"]}
    questions = {each["key"]: each for section in form["sections"] for each in section.get("questions", [])}
    for section in form["sections"]:
        add_a_section(officer, section)
        set_a_condition(officer, section, questions, f"section « {section['title']} »")
        for question in section.get("questions", []) if section["kind"] == "text" else []:
            add_a_question(officer, section, question, labels)
            set_a_condition(officer, question, questions, f"question « {question['label']} »")
    for check in form.get("checks", []):
        add_a_check(officer, check, dict(coherence.quantities(form)))
        set_a_condition(officer, check, questions, f"contrôle « {check['message']} »")


def add_a_section(officer, section):
    officer.page.get_by_role("main").get_by_role("link", name="Ajouter une section").first.click()
    officer.look()
    officer.choose(KINDS[section["kind"]])
    type_in(
        officer,
        {
            "Titre de la section": section["title"],
            "Aide": section.get("help"),
            "Section obligatoire": section["required"],
        },
    )
    officer.press("Ajouter la section")
    officer.sees(f"La section « {section['title']} » est ajoutée.")


def add_a_question(officer, section, question, criteria):
    kind = TYPES[question["type"]]
    officer.follow(f"Ajouter une question à la section « {section['title']} »")
    officer.choose(kind.label)
    officer.press("Continuer")
    wording = "Texte de la déclaration" if question["type"] == "declaration" else "Question"
    type_in(
        officer,
        {
            wording: question["label"],
            "Aide": question.get("help"),
            "Réponse obligatoire": question["required"],
            **settings(question, "Nombre maximal de mots"),
            "Taille maximale de chaque fichier": question.get("max_megabytes"),
            "Nombre maximal de fichiers": question.get("max_files"),
            "Nombre maximal de lignes": question.get("max_rows"),
            "Note pour les instructeurs": question.get("annotation"),
            "Qui pourra lire la réponse": CONFIDENTIALITY[question["confidentiality"]],
            "Critère que la réponse éclaire": criteria.get(question.get("criterion")),
            **{suffix.removeprefix(".").upper(): True for suffix in question.get("formats", [])},
        },
    )
    fill_rows(
        officer, [{"Réponse proposée": each["label"]} for each in question.get("choices", [])], "réponse"
    )
    fill_rows(officer, [a_column(each) for each in question.get("columns", [])], "colonne")
    officer.press("Ajouter la question")
    officer.sees(f"La question « {question['label']} » est ajoutée.")


def a_column(column):
    return {
        "Intitulé": column["label"],
        "Type": TYPES[column["type"]].label,
        "Obligatoire": column["required"],
        "Aide": column.get("help"),
        **settings(column, "Mots au plus"),
        "Réponses proposées": "\n".join(each["label"] for each in column.get("choices", [])),
    }


def settings(question, words):
    return {
        words: question.get("max_words"),
        "Minimum": french(question.get("minimum")),
        "Maximum": french(question.get("maximum")),
        "Unité": question.get("unit"),
    }


def set_a_condition(officer, piece, questions, name):
    """Where a piece has a condition, say it: choosing a question brings, without a button, what goes with it."""
    condition = piece.get("condition")
    if not condition:
        return
    if name.startswith("contrôle"):
        officer.follow(f"Condition du {name}")
    else:
        more = officer.page.locator("details", has_text=f"d’actions sur la {name}")
        more.locator("summary").click()
        officer.follow("Condition", within=more)
    for number, test in enumerate(condition["tests"], start=1):
        asked = questions[test["question"]]
        if number > 1:
            officer.press("Ajouter une ligne")
        officer.fill_row(number, {"Question posée avant": asked["label"]})
        expect(officer.field("Condition", row=number)).to_be_visible()
        officer.fill_row(number, {"Condition": OPERATORS[test["operator"]]})
        if "value" in test:
            compared = dict(TYPES[asked["type"]].options(asked))
            words = {"Réponse": compared[test["value"]]} if compared else {"Nombre": french(test["value"])}
            officer.fill_row(number, words)
    officer.look()
    officer.choose({"all": "Toutes doivent être vraies", "any": "Une seule suffit"}[condition["match"]])
    officer.press("Enregistrer la condition")
    officer.sees("Condition enregistrée")


def add_a_check(officer, check, quantities):
    officer.follow("Ajouter un contrôle")
    type_in(
        officer,
        {
            "Grandeur vérifiée": quantities[check["left"]],
            "Vaut": COMPARISONS[check["operator"]][0],
            "Part (%)": percent(check.get("share")),
            "De cette autre grandeur": quantities.get(check.get("right")),
            "Ou bien un nombre fixe": french(check.get("amount")),
            "Message affiché au porteur": check["message"],
        },
    )
    officer.choose(
        "Le dépôt est empêché" if check["blocking"] else "C’est un conseil : le dépôt reste possible"
    )
    officer.press("Ajouter le contrôle")
    officer.sees("Le contrôle est ajouté.")


# From two people to the public


def submit(officer):
    officer.follow("Soumettre à publication…")
    officer.press("Soumettre à publication")
    officer.sees("L’appel est soumis à publication.")


def publish(head, call):
    head.follow("Préparer les appels")
    head.follow(call["title"])
    head.follow("Publier l’appel…")
    head.choose("Tout de suite")
    head.press("Publier l’appel")
    head.sees("L’appel est publié.")


# Typing


def type_in(officer, values):
    """Type what is known, and leave the rest as the page has it."""
    officer.fill({name: as_typed(value) for name, value in values.items() if value not in (None, "")})


def fill_rows(officer, rows, called="ligne"):
    """Type each row, as the page calls it, asking for one more where there are no more of them."""
    for number, row in enumerate(rows, start=1):
        if officer.page.get_by_role("group", name=f"{called.capitalize()} {number}", exact=True).count() == 0:
            officer.press(f"Ajouter une {called}", looking=False)
        said = {name: as_typed(value) for name, value in row.items() if value not in (None, "", False)}
        officer.fill_row(number, said, called)


def as_typed(value):
    return value if isinstance(value, bool) else str(value)


def label(choices, value):
    return choices(value).label if value else None


def french(number):
    """A number as French people type it."""
    return None if number is None else str(number).replace(".", ",")


def euros(amount):
    return None if amount is None else f"{Decimal(amount):,.2f}".replace(",", " ").replace(".", ",")


def percent(rate):
    return None if rate is None else french(f"{(Decimal(rate) * 100).normalize():f}")


def moment(text):
    return localtime(datetime.fromisoformat(text))


def hour(instant):
    """« 20:00 », or nothing at midnight, which is what an empty hour means."""
    return "" if instant.strftime("%H:%M") == "00:00" else instant.strftime("%H:%M")


def end_of(text):
    """The day and the hour that one types for a deadline: midnight is the end of the day before it."""
    instant = moment(text)
    day = instant.date() if hour(instant) else instant.date() - timedelta(days=1)
    return day.isoformat(), hour(instant)

"""The pages on which a call begins, and the file that one takes away."""

import json

import pytest
from django.contrib.messages import get_messages

from calls.exchange.content import content_of
from calls.exchange.templates import templates
from calls.models import Call, CallDocument, FundRole, Theme
from calls.questionnaire import coherence
from documents.models import StoredFile
from journal.models import Entry
from tests.calls.exchanged import begun, document, uploaded, with_document
from tests.factories import CallFactory, FundFactory, officer_of, specifications

NEW = "/secretariat/appels/nouveau/"


@pytest.fixture
def officer(db, client):
    officer = officer_of(FundFactory(code="FTAP"))
    client.force_login(officer)
    return officer


def fund_of(officer):
    return officer.fund_roles.get().fund


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def problems(response):
    return [line for lines in response.context["form"].errors.values() for line in lines]


def test_the_templates_say_what_they_hold(client, officer):
    rows = client.get(f"{NEW}modeles/").context["templates"]

    assert [(file.call.title, holds) for _, file, holds in rows] == [
        (
            "Appel à projets de transformation",
            "4 critères, 13 sections, 15 questions, 3 contrôles, 5 décisions possibles",
        ),
        (
            "Appel territorial à taux plafonné",
            "3 critères, 8 sections, 9 questions, 2 contrôles, 5 décisions possibles",
        ),
        ("Concours anonyme", "3 critères, 2 sections, 4 questions, 3 décisions possibles"),
        (
            "Guichet thématique à plusieurs relèves",
            "3 critères, 7 sections, 9 questions, 3 contrôles, 4 décisions possibles",
        ),
    ]


@pytest.mark.parametrize("name", templates())
def test_a_template_holds_no_fact_of_a_fund(name):
    call = templates()[name].call

    facts = (
        call.threshold,
        call.ceiling,
        call.flat_grant,
        call.opens_at,
        call.rounds,
        call.themes,
        call.sources,
    )
    assert facts == (None, None, None, None, [], [], [])
    assert sum(criterion.weight for criterion in call.criteria) == 100


@pytest.mark.parametrize("name", templates())
def test_a_call_begins_from_a_template(client, officer, name):
    fields = {"fund": fund_of(officer).pk, "code": "ftap-2027", "title": "Notre appel"}

    response = client.post(f"{NEW}modeles/{name}/", fields)

    call = Call.objects.get()
    assert (call.code, call.title, call.state) == ("FTAP-2027", "Notre appel", Call.State.DRAFT)
    assert coherence.problems(call.form_draft.definition, call.criteria.values_list("key", flat=True)) == []
    assert (response.url, told(response)[0].endswith("Ses dates restent à fixer.")) == (
        "/secretariat/appels/ftap-2027/",
        True,
    )


def test_there_is_no_other_template(client, officer):
    assert client.get(f"{NEW}modeles/autre/").status_code == 404


def test_a_published_call_is_copied_with_its_documents(client, officer):
    call = CallFactory(fund=fund_of(officer), published=True)
    file = specifications(call).file
    fields = {"call": call.slug, "fund": call.fund_id, "code": "FTAP-2027", "title": "Suite"}

    client.post(f"{NEW}copier/", fields)

    copy = Call.objects.get(code="FTAP-2027")
    assert (copy.opens_at, copy.rounds.count(), copy.prepared_by) == (None, 0, officer)
    assert (copy.documents.get().file, copy.criteria.count()) == (file, 4)
    assert content_of(copy).form == content_of(call).form


def test_a_past_call_is_copied_as_far_as_it_is_known(client, officer):
    call = CallFactory(fund=fund_of(officer), published=True, imported=True, criteria=[], threshold=500_000)
    fields = {"call": call.slug, "fund": call.fund_id, "code": "FTAP-2027", "title": "Suite"}

    client.post(f"{NEW}copier/", fields)

    copy = Call.objects.get(code="FTAP-2027")
    assert (copy.threshold, copy.imported, copy.form_draft.definition) == (
        500_000,
        False,
        {"sections": [], "checks": []},
    )


def test_the_page_of_a_call_leads_to_its_copy(client, officer):
    call = CallFactory(fund=fund_of(officer))
    CallFactory(fund=call.fund)

    form = client.get(f"{NEW}copier/?appel={call.slug}").context["form"]

    assert [option.data["value"] for option in form["call"].subwidgets if option.data["selected"]] == [
        call.slug
    ]


def test_the_calls_of_another_fund_are_not_copied(client, officer):
    other = CallFactory(published=True)
    fields = {"call": other.slug, "fund": fund_of(officer).pk, "code": "FTAP-2027", "title": "Suite"}

    response = client.post(f"{NEW}copier/", fields)

    assert (list(response.context["form"].errors), Call.objects.count()) == (["call"], 1)


def test_a_call_is_exported_then_imported(client, officer):
    call = with_document(begun("ftap-guichet-data", fund=fund_of(officer), by=officer))
    exported = b"".join(client.get(f"/secretariat/appels/{call.slug}/export.zip").streaming_content)

    response = client.post(
        f"{NEW}importer/", {"upload": uploaded(exported), "fund": call.fund_id, "code": "copie-1"}
    )

    copy = Call.objects.get(code="COPIE-1")
    assert content_of(copy) == content_of(call).model_copy(update={"code": "COPIE-1"})
    assert told(response) == [
        "L’appel est créé, avec 3 critères, 3 sections, 4 questions, 3 contrôles, 2 décisions possibles, 1 document."
        " Ses dates restent à fixer."
    ]


def imported(client, officer, description, **fields):
    data = json.dumps(description).encode()
    fields = {"upload": uploaded(data, "appel.json"), "fund": fund_of(officer).pk} | fields
    return client.post(f"{NEW}importer/", fields)


def test_a_file_alone_gives_its_code_its_title_and_its_dates(client, officer):
    Theme.objects.create(slug="numerique", label="Numérique")
    rounds = ["2030-01-01T00:00:00+01:00", "2030-06-01T00:00:00+02:00"]

    response = imported(client, officer, document("ftap-guichet-data", rounds=rounds))

    call = Call.objects.get()
    assert (call.code, call.title[:18], call.rounds.count()) == ("FTAP-GUICHET-DATA", "Guichet thématique", 2)
    assert told(response)[0].endswith("Ses dates sont celles du fichier : vérifiez-les.")


def test_what_the_portal_does_not_know_is_told_and_nothing_is_saved(client, officer):
    Theme.objects.create(slug="culture", label="Culture")
    hidden = with_document(begun("guichet", code="CACHE"))  # a draft of another fund
    [kept] = content_of(hidden).model_dump(mode="json")["documents"]
    description = document("pia-opendata-2017", themes=["numerique"], documents=[kept], code="CACHE")
    before = [model.objects.count() for model in (Call, CallDocument, Entry, StoredFile)]

    response = imported(client, officer, description)

    assert problems(response) == [
        "call.programme : « open-data » n’est pas un programme du fonds FTAP. Aucun n’est connu. Ou retirez cette"
        " ligne du fichier.",
        "call.themes[0] : le thème « numerique » n’existe pas ici. Connus : culture.",
        "call.documents[0] : le contenu de « cahier.pdf » manque. Importez l’archive zip entière, ou retirez ce"
        " document du fichier.",
        "call.code : un appel porte déjà la référence CACHE. Écrivez-en une autre.",
    ]
    assert [model.objects.count() for model in (Call, CallDocument, Entry, StoredFile)] == before
    assert "<strong>Rien n’a été enregistré.</strong>" in response.content.decode()


def test_only_the_first_problems_are_listed(client, officer):
    description = document("guichet")
    description["call"] |= {f"inconnu-{number}": 1 for number in range(100)}

    response = imported(client, officer, description, code="A-1")

    assert (len(problems(response)), problems(response)[-1]) == (41, "et 60 autres problèmes.")


def test_another_fund_cannot_be_chosen(client, officer):
    response = imported(client, officer, document("guichet"), code="A-1", fund=FundFactory().pk)

    assert (list(response.context["form"].errors), Call.objects.count()) == (["fund"], 0)


def test_a_call_one_does_not_prepare_is_not_exported(client, officer):
    FundRole.objects.update(role=FundRole.Role.AUDITOR)
    call = CallFactory(fund=fund_of(officer))

    assert client.get(f"/secretariat/appels/{call.slug}/export.zip").status_code == 403

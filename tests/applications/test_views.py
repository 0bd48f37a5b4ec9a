"""What a carrier's agent reads on the pages of a dossier."""

from applications import actions
from applications.models import Application
from calls.models import Round
from tests.applications.grids import posted, typed
from tests.clock import from_now
from tests.factories import CallFactory, certifier_of, complete_draft, draft, filed_application


def section_url(application, key="projet"):
    return f"/dossiers/{application.key}/sections/{key}/"


def test_who_saves_second_sees_both_texts(client, db):
    application = complete_draft()
    actions.save_section(
        application,
        "projet",
        {"resume": "Le texte du valideur"},
        version=1,
        by=certifier_of(application.organisation),
    )
    client.force_login(application.created_by)

    page = client.post(section_url(application), {"section_version": "1", "resume": "Le texte de l’agent"})

    clash = page.context["clashes"][0]
    assert (clash.question["label"], clash.mine, clash.theirs) == (
        "Résumé du projet",
        "Le texte de l’agent",
        "Le texte du valideur",
    )
    assert page.context["questionnaire"].form["resume"].value() == "Le texte de l’agent"
    assert application.sections.get(section_key="projet").answers == {"resume": "Le texte du valideur"}


def test_saving_the_text_brought_together_passes(client, db):
    application = complete_draft()
    actions.save_section(application, "projet", {}, version=1, by=application.created_by)
    client.force_login(application.created_by)
    conflict = client.post(section_url(application), {"section_version": "1", "resume": "Le mien"})

    client.post(
        section_url(application),
        {"section_version": conflict.context["version"], "resume": "Les deux"},
    )

    assert application.sections.get(section_key="projet").answers["resume"] == "Les deux"


def test_filing_too_late_answers_409_with_the_deadline(client, db):
    application = complete_draft()
    Round.objects.update(closes_at=from_now(seconds=-1))
    client.force_login(certifier_of(application.organisation))

    page = client.post(f"/dossiers/{application.key}/deposer/")

    application.refresh_from_db()
    assert page.status_code == 409
    assert page.context["reason"] == (
        f"La date limite de dépôt était le {application.round.deadline_text}. Votre brouillon est conservé tel quel."
    )
    assert application.state == Application.State.DRAFT


def test_adding_a_row_keeps_what_was_typed_and_saves_nothing(client, db):
    application = complete_draft()
    client.force_login(application.created_by)

    page = client.post(
        section_url(application, "financement"),
        posted({"label": "Achats", "2019": "beaucoup"}, years=[2019], add_row="rows"),
    )

    assert typed(page) == [
        ({"source": "", "nature": "", "label": "Achats"}, {2019: "beaucoup"}),
        ({}, {}),
    ]
    assert application.financing_lines.count() == 2


def test_what_was_typed_in_a_dossier_is_shown_and_not_obeyed(client, db):
    application = draft(title="<script>alert(1)</script>")
    client.force_login(application.created_by)

    page = client.get(f"/dossiers/{application.key}/").content.decode()

    assert page.count("<script>alert(1)") == 0
    assert page.count("&lt;script&gt;alert(1)") > 0


def test_what_was_taken_back_too_late_offers_no_section_to_change(client, db):
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    application.call.rounds.update(closes_at=from_now(seconds=-1))
    client.force_login(application.created_by)

    page = client.get(application.get_absolute_url())

    assert "/sections/" not in page.content.decode()


def test_the_call_of_a_dossier_says_that_there_would_be_two(client, db):
    application = draft(call=CallFactory(published=True))
    client.force_login(application.created_by)

    page = client.get(f"/dossiers/{application.key}/recopier/")

    [(_, label)] = page.context["form"].fields["call"].choices
    assert label == f"{application.call} (l’appel de ce dossier : il y en aurait deux)"

"""A carrier checks its public page before the announcement."""

import pytest
from django.core.exceptions import PermissionDenied

from applications.models import Application, Collaborator
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection import tasks
from selection.actions import announcement as announcements
from selection.actions import page_checks as actions
from selection.models import Announcement, LaureateCheck
from selection.page_checks import standing_of
from tests import factories
from tests.clock import from_now
from tests.selection.announcement_factories import TEXTS, page_to_check, picture_of, png


@pytest.fixture
def check(db):
    return page_to_check(factories.filed_application(call=factories.CallFactory(published=True)))


def carrier_of(check):
    return check.laureate.case.application.created_by


def address(check):
    return f"/dossiers/{check.laureate.case.application.key}/page-publique/"


def officer_of(check):
    return factories.officer_of(check.laureate.fund)


def fresh(check):
    return LaureateCheck.objects.select_related("laureate__case__application").get(pk=check.pk)


def test_asking_writes_to_the_members_of_the_carrier_and_says_nothing_of_the_announcement(check):
    application = check.laureate.case.application
    guest = factories.UserFactory(email="partenaire@ailleurs.example")
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")
    LaureateCheck.objects.all().delete()

    actions.ask_checks(check.laureate.announcement, due_at=from_now(days=3), by=officer_of(check))

    emails = OutgoingEmail.objects.filter(template__endswith="page_check.txt")
    assert (
        carrier_of(check).email in {each.to for each in emails},
        guest.email in {each.to for each in emails},
    ) == (
        True,
        False,
    )
    assert all("À relire" not in each.body and "SOUS EMBARGO" in each.body for each in emails)


def test_asking_again_reminds_those_alone_that_have_not_answered(check):
    other = page_to_check(
        factories.filed_application(call=check.laureate.call), answer="accepted", answered_at=from_now()
    )
    other.laureate.announcement = check.laureate.announcement
    other.laureate.save()

    asked = actions.ask_checks(check.laureate.announcement, due_at=from_now(days=3), by=officer_of(check))

    assert asked == 1
    assert (fresh(check).reminded_at is not None, fresh(other).reminded_at) == (True, None)
    assert OutgoingEmail.objects.filter(subject__startswith="Rappel").exists()


def test_its_follow_up_leads_the_carrier_to_the_page_and_a_guest_nowhere(client, check):
    application = check.laureate.case.application
    guest = factories.UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")

    led = []
    for person in (carrier_of(check), guest):
        client.force_login(person)
        led.append(address(check) in client.get(f"/dossiers/{application.key}/suivi/").content.decode())

    assert led == [True, False]


def test_the_page_awaits_its_carrier_until_it_answers(client, check):
    client.force_login(carrier_of(check))

    before = [each.url for each in client.get("/espace/").context["awaiting"]]
    client.post(address(check), {"accept": "1"})

    assert before == [address(check)]
    assert client.get("/espace/").context["awaiting"] == []


def test_a_carrier_accepts_its_page(client, check):
    client.force_login(carrier_of(check))

    client.post(address(check), {"accept": "1"})

    answered = fresh(check)
    assert (answered.answer, answered.answered_by, answered.long_text) == (
        "accepted",
        carrier_of(check),
        "Le texte du secrétariat.",
    )


def test_what_the_secretariat_wrote_since_the_page_was_opened_is_not_accepted(client, check):
    client.force_login(carrier_of(check))
    seen = client.get(address(check)).context["seen"]
    announcements.describe_laureate(check.laureate, by=officer_of(check), summary="Autre chose.")

    late = client.post(address(check), {"accept": "1", "seen": seen})
    again = client.get(address(check)).context["seen"]
    accepted = client.post(address(check), {"accept": "1", "seen": again})

    assert (late.status_code, accepted.status_code) == (409, 302)


def test_a_picture_of_a_refused_form_is_asked_for_again(client, check):
    client.force_login(carrier_of(check))

    response = client.post(address(check), TEXTS | {"upload": png(), "alternative": "Un guichet."})

    assert sorted(response.context["picture_form"].errors) == ["credit", "upload"]


def test_what_a_carrier_corrects_waits_for_the_secretariat_and_is_kept_beside_its_text(client, check):
    client.force_login(carrier_of(check))

    client.post(address(check), TEXTS | {"upload": png(), "alternative": "Un guichet.", "credit": "Nous"})

    answered = fresh(check)
    assert (answered.long_text, answered.laureate.summary) == (TEXTS["long_text"], "Le texte du secrétariat.")
    assert [each.published for each in answered.laureate.pictures.all()] == [False]
    client.force_login(officer_of(check))
    page = f"/secretariat/annonces/{answered.laureate.announcement.slug}/relectures/{answered.laureate_id}/"
    assert "Le porteur propose aussi une image." in client.get(page).content.decode()
    with pytest.raises(Refused):
        announcements.validate_announcement(
            answered.laureate.announcement, by=factories.head_of(check.laureate.fund)
        )


@pytest.mark.parametrize(
    ("take", "published"), [(True, TEXTS["long_text"]), (False, "Le texte du secrétariat.")]
)
def test_the_secretariat_says_which_text_is_published(check, take, published):
    actions.answer_check(check.laureate, answer="corrected", texts=TEXTS, by=carrier_of(check))

    actions.settle_check(fresh(check), take=take, by=officer_of(check))

    settled = fresh(check)
    assert (settled.laureate.summary, settled.long_text) == (published, TEXTS["long_text"])


def test_a_correction_waits_at_the_door_of_the_secretariat_until_it_is_settled(client, check):
    officer = officer_of(check)
    actions.answer_check(check.laureate, answer="corrected", by=carrier_of(check), texts=TEXTS)
    client.force_login(officer)

    before = client.get("/secretariat/").text.count("page de lauréat est corrigée par son porteur")
    actions.settle_check(fresh(check), take=False, by=officer)

    after = client.get("/secretariat/").text.count("page de lauréat est corrigée par son porteur")
    assert (before, after) == (1, 0)


def test_a_text_is_no_longer_than_the_page_allows_and_what_was_typed_is_shown_again(client, check):
    client.force_login(carrier_of(check))

    response = client.post(address(check), TEXTS | {"short_text": "x" * 301})

    assert (response.status_code, fresh(check).answer) == (200, "")
    assert "x" * 301 in response.content.decode()


def test_a_line_end_counts_for_one_character_as_its_counter_says(client, check):
    client.force_login(carrier_of(check))
    paragraphs = "\r\n".join(["x" * 99] * 15)

    client.post(address(check), TEXTS | {"long_text": paragraphs + "y"})

    assert len(fresh(check).long_text) == 1500
    assert 'data-max-characters="1500"' in client.get(address(check)).content.decode()


def test_a_second_correction_goes_on_from_the_first(client, check):
    actions.answer_check(
        check.laureate, answer="corrected", texts=TEXTS | {"remark": "Un nom faux."}, by=carrier_of(check)
    )
    client.force_login(carrier_of(check))

    form = client.get(address(check)).context["form"]

    assert (form["long_text"].value(), form["remark"].value()) == (TEXTS["long_text"], "Un nom faux.")


def test_after_the_deadline_silence_leaves_the_secretariats_text_and_says_so(client, check):
    LaureateCheck.objects.update(due_at=from_now(seconds=-1))
    client.force_login(carrier_of(check))

    page = client.get(address(check)).content.decode()
    late = client.post(address(check), {"accept": "1"})

    assert ("le texte du secrétariat vaut" in page, late.status_code, fresh(check).answer) == (True, 409, "")
    announcements.validate_announcement(
        check.laureate.announcement, by=factories.head_of(check.laureate.fund)
    )


def test_an_announcement_is_not_validated_while_a_carrier_still_has_time(check):
    with pytest.raises(Refused, match="Un porteur relit encore sa page"):
        announcements.validate_announcement(
            check.laureate.announcement, by=factories.head_of(check.laureate.fund)
        )


def test_a_head_is_offered_to_validate_once_no_carrier_has_time_left(client, check):
    announcement = check.laureate.announcement
    client.force_login(factories.head_of(check.laureate.fund))
    page = f"/secretariat/annonces/{announcement.slug}/"

    before = client.get(page).text.count("Valider l’annonce")
    LaureateCheck.objects.update(due_at=from_now(seconds=-1))

    assert (before, client.get(page).text.count("Valider l’annonce")) == (0, 1)


def test_a_page_accepted_then_changed_here_is_told(check):
    actions.answer_check(check.laureate, answer="accepted", by=carrier_of(check))
    announcements.describe_laureate(check.laureate, by=officer_of(check), summary="Autre chose.")

    assert standing_of(fresh(check).laureate, from_now()) == ("acceptée, puis modifiée ici", "warning")


def test_a_partners_agent_a_reader_and_a_stranger_know_nothing_of_the_page(client, check):
    application = check.laureate.case.application
    picture = picture_of(check.laureate.announcement, laureate=check.laureate)
    guest, stranger = factories.UserFactory(), factories.UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")

    for person in (guest, stranger):
        client.force_login(person)
        assert client.get(address(check)).status_code == 404
        assert client.get(f"{address(check)}images/{picture.key}/").status_code == 404
        with pytest.raises(PermissionDenied):
            actions.answer_check(check.laureate, answer="accepted", by=person)


def test_who_gave_up_is_asked_nothing_more(client, check):
    application = check.laureate.case.application
    client.force_login(carrier_of(check))
    before = reminded(check, asked_at=from_now(days=-9), due_at=from_now(hours=20))

    Application.objects.update(state="withdrawn")

    assert (before, reminded(check, reminded_at=None)) == (1, 0)
    assert client.get(address(check)).status_code == 404
    assert address(check) not in client.get(f"/dossiers/{application.key}/suivi/").content.decode()


def test_once_public_the_follow_up_leads_to_the_page_as_everyone_sees_it(client, check):
    Announcement.objects.update(state="scheduled", publish_at=from_now())
    client.force_login(carrier_of(check))

    pages = [
        client.get(page).content.decode()
        for page in (f"/dossiers/{check.laureate.case.application.key}/suivi/", address(check))
    ]

    assert [check.laureate.get_absolute_url() in page for page in pages] == [True, True]
    assert [word in pages[1] for word in ("Ce qui est publié", "Ce qui sera publié")] == [True, False]


def test_nothing_is_shown_of_a_page_before_it_is_asked_nor_once_the_announcement_is_taken_back(client, check):
    client.force_login(carrier_of(check))
    Announcement.objects.update(state="withdrawn")
    withdrawn = client.get(address(check)).status_code
    Announcement.objects.update(state="draft")
    LaureateCheck.objects.all().delete()

    assert (withdrawn, client.get(address(check)).status_code) == (404, 404)


# Reminded by the portal itself


def reminded(check, **fields):
    LaureateCheck.objects.update(**fields)
    OutgoingEmail.objects.all().delete()
    tasks.remind_checks()
    return OutgoingEmail.objects.filter(
        to=carrier_of(check).email, template__endswith="page_check.txt"
    ).count()


def test_a_carrier_that_has_not_answered_is_reminded_once_a_step(check, settings):
    settings.PAGE_CHECK_REMINDER_DAYS = [3, 1]
    asked, due = {"asked_at": from_now(days=-9)}, {"due_at": from_now(days=2)}

    first, again = reminded(check, **asked, **due), reminded(check)
    last = reminded(check, reminded_at=from_now(days=-1), due_at=from_now(hours=20))

    assert (first, again, last, reminded(check)) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("why", "asked", "due", "answer"),
    [
        ("too early", -216, 120, ""),
        ("too late", -216, -1, ""),
        ("asked just before", -1, 20, ""),
        ("answered", -216, 48, "accepted"),
    ],
)
def test_a_carrier_is_not_reminded_for_nothing(check, settings, why, asked, due, answer):
    """Hours from now."""
    settings.PAGE_CHECK_REMINDER_DAYS = [3, 1]
    said = (
        {"answer": answer, "answered_at": from_now(hours=-1), "answered_by": carrier_of(check)}
        if answer
        else {}
    )

    assert reminded(check, asked_at=from_now(hours=asked), due_at=from_now(hours=due), **said) == 0


def test_a_validated_announcement_reminds_nobody(check):
    Announcement.objects.update(state="validated")

    assert reminded(check, asked_at=from_now(days=-9), due_at=from_now(hours=20)) == 0

"""Moving the questions of a form: with the keyboard alone, with the mouse, and without any script."""

from django.urls import reverse
from playwright.sync_api import expect

from calls.models import FormDraft
from calls.questionnaire import editing
from tests import factories


def where(key):
    """The section in which a question stands, and its place there."""
    section = editing.section_of(FormDraft.objects.get().definition, key)
    return section["key"], [each["key"] for each in section["questions"]].index(key)


def test_a_question_is_moved_across_sections_by_keyboard_alone(live_server, enter):
    call = factories.CallFactory(form=factories.checked_form())
    officer = enter("agent", factories.officer_of(call.fund))
    officer.go(reverse("calls:form_builder", args=[call.slug]))
    news, keyboard = officer.page.locator("#annonces"), officer.page.keyboard
    grip = officer.page.get_by_role("button", name="Déplacer la question « Calendrier de réalisation »")

    grip.focus()
    keyboard.press("Enter")
    keyboard.press("ArrowUp")
    keyboard.press("Escape")
    expect(news).to_have_text("Déplacement annulé : « Calendrier de réalisation » est revenu à sa place.")
    keyboard.press("Enter")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(news).to_have_text(
        "« Calendrier de réalisation » : place 2 sur 3, section « Qualité de service et conditions de travail »."
    )
    with officer.page.expect_navigation():
        keyboard.press("Enter")

    expect(grip).to_be_focused()
    expect(news).to_contain_text("La question « Calendrier de réalisation » est maintenant en place 2 sur 3")
    assert where("calendrier") == ("qualite", 1)


def test_a_question_is_dragged_and_a_condition_chosen_at_once(live_server, enter):
    call = factories.CallFactory(form=factories.checked_form())
    officer = enter("agent", factories.officer_of(call.fund))
    officer.go(reverse("calls:form_builder", args=[call.slug]), looking=False)
    page = officer.page

    def middle(name):
        box = page.get_by_role("button", name=f"Déplacer la question « {name} »").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(*middle("Calendrier de réalisation"))
    page.mouse.down()
    x, y = middle("Résumé du projet")
    page.mouse.move(x, y + 5, steps=5)
    page.mouse.move(x, y - 12, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    officer.go(reverse("calls:form_condition", args=[call.slug, "questions", "usagers"]), looking=False)
    officer.fill_row(1, {"Question posée avant": "Résumé du projet"})
    expect(officer.field("Condition", row=1)).to_be_visible()
    officer.look()

    assert where("calendrier") == ("projet", 0)


def test_without_script_buttons_move_a_question_and_lead_back_to_it(live_server, enter):
    call = factories.CallFactory(form=factories.checked_form())
    officer = enter("agent-sans-script", factories.officer_of(call.fund), java_script_enabled=False)
    officer.go(reverse("calls:form_builder", args=[call.slug]), looking=False)

    officer.press("Descendre la question « Calendrier de réalisation »", looking=False)

    assert officer.page.url.endswith("#question-calendrier")
    assert where("calendrier") == ("qualite", 0)
    officer.sees("La question « Calendrier de réalisation » est maintenant en place 1 sur 3")

"""The grid of amounts as one works in it: cells pasted from a spreadsheet, sums as one types, the keyboard."""

from django.urls import reverse
from playwright.sync_api import expect

from tests import factories

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_cells_are_pasted_summed_and_walked_through_with_the_keyboard(live_server, enter):
    application = factories.draft(call=factories.CallFactory(published=True, visa_required=False))
    writer = enter("porteur", application.created_by)
    writer.go(reverse("applications:section", args=[application.key, "financement"]), looking=False)
    page, told = writer.page, writer.page.locator("[data-grid-told]")
    cells = page.locator("#rows-0 .portal-sheet__cell")
    count = cells.count()

    cells.first.evaluate(PASTE, "\t".join(["1"] * 16))
    expect(told).to_contain_text("Rien n’est rempli ; ce que vous avez collé est gardé sous le tableau.")
    cells.first.evaluate(PASTE, "\t".join(["100 k€"] * (count + 1)) + "\n50,5\t60")
    expect(told).to_have_text(f"{count + 3} cases remplies. 1 année ajoutée.")
    expect(page.locator("[data-sum=amounts]").first).to_have_text("100\u202f050,50")
    cells.first.focus()
    for key in ("Enter", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.type("7")
    expect(page.locator("#rows-2 .portal-sheet__cell").nth(1)).to_have_value("7")
    for row in range(3):
        page.locator(f"#id_rows-{row}-source").select_option("own")
    expect(page.locator("#calculs")).to_contain_text("Ressources propres du porteur")
    writer.press("Enregistrer")

    years = application.financing_lines.values_list("row").order_by("row")
    assert [row for (row,) in years] == [1] * (count + 1) + [2, 2, 3]


def test_saving_waits_for_what_is_already_being_saved(live_server, enter):
    application = factories.draft(call=factories.CallFactory(published=True, visa_required=False))
    writer = enter("porteur", application.created_by)
    writer.go(reverse("applications:section", args=[application.key, "financement"]), looking=False)
    held = []
    writer.page.route("**/tableau/enregistrement/", lambda route: held.append((route, route.fetch())))
    writer.fill_grid(1, {"source": "Ressources propres du porteur"}, "100")
    expect(writer.page.locator(".portal-autosave__status")).to_have_text("Enregistrement…")

    save = writer.page.get_by_role("main").get_by_role("button", name="Enregistrer", exact=True)
    save.evaluate("button => button.click()")
    while not held:
        writer.page.wait_for_timeout(50)
    with writer.page.expect_navigation():
        route, answer = held.pop()
        route.fulfill(response=answer)

    writer.sees("est enregistré.")
    assert application.financing_lines.get().amount == 100

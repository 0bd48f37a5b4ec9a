"""Hands on a keyboard: what they reach, and what the page shows of it."""

# Where the focus is: whether it shows, comes after the last one, and is not behind what stays in sight.
STOP = """() => {
  const node = document.activeElement, last = window.lastStop;
  if (node === document.body || node === window.firstStop) return null;
  window.firstStop ??= node;
  window.lastStop = node;
  const drawn = node.matches("[type=checkbox], [type=radio]") ? node.labels[0] : node;
  const box = drawn.getBoundingClientRect();
  const hit = [3, box.height / 2, box.height - 3].flatMap((down) =>
    [3, box.width / 2, box.width - 3].map((along) => document.elementFromPoint(box.left + along, box.top + down)));
  return {
    what: `${node.tagName} ${node.name ?? ""} ${node.textContent.trim().slice(0, 40)}`,
    shows: node.matches(":focus-visible"),
    follows: !last || Boolean(last.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING),
    inSight: hit.some((each) => each && (drawn.contains(each) || each.contains(drawn))),
  };
}"""
TO_THE_TOP = """() => {
  window.firstStop = window.lastStop = null;
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""


class Keyboard:
    """Hands that only reach Tab, letters, the arrows, Space and Enter."""

    def __init__(self, page):
        self.page = page

    def to(self, target):
        """Go forward from where the focus is until it is on this element, which must show it."""
        target.wait_for()
        for _ in range(150):
            if target.evaluate("node => node === document.activeElement"):
                assert target.evaluate("node => node.matches(':focus-visible')")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the focus never comes to {target}")

    def walk(self):
        """Go through the whole page: every stop is seen, in the order of the page, and the last one leads out."""
        self.page.evaluate(TO_THE_TOP)
        for _ in range(200):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop is None:
                return
            assert stop == {"what": stop["what"], "shows": True, "follows": True, "inSight": True}
        raise AssertionError(f"no way out of {self.page.url}")

    def type(self, label, text, *, last=False):
        fields = self.page.get_by_role("textbox", name=label)
        self.to(fields.last if last else fields.first)
        self.page.keyboard.type(text)

    def open(self, name):
        self.hit("link", name)

    def hit(self, role, name):
        self.to(self.page.get_by_role("main").get_by_role(role, name=name, exact=True).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

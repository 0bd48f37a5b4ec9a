// The form builder: sections and questions are moved by their handle, with the keyboard, a mouse or a finger.
// Without this file, the buttons « Monter », « Descendre » and « Déplacer vers… » do the same.

const form = document.getElementById("deplacements");
const region = document.getElementById("annonces");
const say = (text) => { region.textContent = text; };

for (const hidden of document.querySelectorAll("[data-grip], [data-scripted]")) hidden.hidden = false;

// The lists that a piece may stand in: all those of questions, or the one of sections.
const lists = (piece) => [...document.querySelectorAll(`[data-list="${piece.dataset.piece}"]`)];
const siblings = (list) => [...list.children].filter((each) => each.dataset.piece);

const where = (piece) => {
  const list = piece.parentElement;
  const standing = siblings(list);
  const place = `place ${standing.indexOf(piece) + 1} sur ${standing.length}`;
  return list.dataset.name ? `${place}, section « ${list.dataset.name} »` : place;
};

let dragging = false; // whether a mouse or a finger does it
let held = null; // { piece, grip, list, next }: what is being moved, and where it stood

const hold = (grip) => {
  const piece = grip.closest("[data-piece]");
  held = { piece, grip, list: piece.parentElement, next: piece.nextElementSibling };
  piece.classList.add("portal-held");
  grip.setAttribute("aria-pressed", "true");
};

const release = () => {
  held.piece.classList.remove("portal-held");
  held.grip.setAttribute("aria-pressed", "false");
  held = null;
};

const cancel = () => {
  const { piece, grip, list, next } = held;
  list.insertBefore(piece, next);
  release();
  grip.focus();
  say(`Déplacement annulé : « ${piece.dataset.name} » est revenu à sa place.`);
};

const drop = () => {
  const { piece, grip, list, next } = held;
  if (piece.parentElement === list && piece.nextElementSibling === next) {
    release();
    say(`« ${piece.dataset.name} » est resté à sa place.`);
    grip.focus();
    return;
  }
  const values = {
    move: `${piece.dataset.piece}:${piece.dataset.key}`,
    section: piece.parentElement.dataset.section ?? "",
    before: piece.nextElementSibling?.dataset.key ?? "",
  };
  release();
  for (const [name, value] of Object.entries(values)) {
    form.elements[name].disabled = false;
    form.elements[name].value = value;
  }
  form.submit();
};

// One step up or down; a question leaves its section by either end, for the next one that takes questions.
const step = (way) => {
  const { piece, grip } = held;
  const list = piece.parentElement;
  const standing = siblings(list);
  const beside = standing[standing.indexOf(piece) + way];
  const further = lists(piece)[lists(piece).indexOf(list) + way];
  if (beside) list.insertBefore(piece, way < 0 ? beside : beside.nextElementSibling);
  else if (further) further.insertBefore(piece, way > 0 ? further.firstElementChild : null);
  grip.focus();
  piece.scrollIntoView({ block: "nearest" });
  say(`« ${piece.dataset.name} » : ${where(piece)}.`);
};

for (const grip of document.querySelectorAll("[data-grip]")) {
  grip.setAttribute("aria-pressed", "false");

  // Enter and the space bar take and drop: a button turns both into a click, whose `detail` is then 0.
  grip.addEventListener("click", (event) => {
    if (event.detail > 0) return;
    if (held) {
      drop();
      return;
    }
    hold(grip);
    say(`« ${held.piece.dataset.name} » est saisi, ${where(held.piece)}. Flèches pour déplacer, Entrée pour déposer, Échap pour annuler.`);
  });

  grip.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!held) return;
    if (way) {
      event.preventDefault();
      step(way);
    } else if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      cancel();
    }
  });

  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    if (held) cancel();
    hold(grip);
    dragging = true;
  });
}

// The rest of a drag is listened to from here: the handle, moved about, would lose the pointer.
document.addEventListener("pointermove", (event) => {
  if (held && dragging) follow(event.clientX, event.clientY);
});

for (const [end, act] of [["pointerup", drop], ["pointercancel", cancel]]) {
  document.addEventListener(end, () => {
    if (held && dragging) act();
    dragging = false;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) cancel();
});

// Put what is held where the pointer is; near an edge of the window, the page comes along.
const follow = (x, y) => {
  const { piece } = held;
  const edge = 60;
  if (y < edge) window.scrollBy(0, -12);
  if (y > window.innerHeight - edge) window.scrollBy(0, 12);
  const under = document.elementFromPoint(x, y);
  const other = under?.closest(`[data-piece="${piece.dataset.piece}"]`);
  if (other === piece) return;
  if (other) {
    const box = other.getBoundingClientRect();
    const before = y < box.top + box.height / 2;
    const wanted = before ? other : other.nextElementSibling;
    if (wanted !== piece) other.parentElement.insertBefore(piece, wanted);
    return;
  }
  // A section that has no question near: its own list takes what is held over it.
  const list = piece.dataset.piece === "questions" && under?.closest("[data-piece='sections']")?.querySelector("[data-list='questions']");
  if (list && list !== piece.parentElement) list.append(piece);
};

// After a move the page is read again: its news is said aloud, and the keyboard is where it was.
const moved = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[data-piece]");
const grip = moved?.querySelector("[data-grip]");
if (grip) {
  // The browser gives the focus to what the address names, sooner or later than this.
  moved.addEventListener("focus", () => grip.focus(), { once: true });
  grip.focus();
  const news = document.querySelector("main [role=status]")?.textContent.trim();
  if (news) setTimeout(() => say(news), 300);
}

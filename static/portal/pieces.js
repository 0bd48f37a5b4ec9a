// The list of joined files: seen without leaving the page, and put in order by dragging. Without this, links and buttons do.

// « Aperçu » opens over the page; Escape and « Fermer » lead back to the link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const page = await fetch(link.href).then((response) => (response.ok ? response.text() : "")).catch(() => "");
  const content = new DOMParser().parseFromString(page, "text/html").querySelector("#apercu");
  if (!content) {
    location.assign(link.href);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.className = "portal-preview";
  dialog.innerHTML = '<button type="button" class="fr-btn fr-btn--tertiary fr-btn--sm portal-preview__close">Fermer</button>';
  const heading = content.querySelector("h1");
  const title = document.createElement("h2");
  title.className = heading.className;
  title.id = "apercu-titre";
  title.append(...heading.childNodes);
  heading.replaceWith(title);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(content);
  document.body.append(dialog);
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (click) => { if (click.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  dialog.showModal();
});

// A file dragged onto another takes its place; the buttons do the same from the keyboard.
let dragged = null;
const pieceAt = (event) => event.target.closest?.(".portal-piece");
const ready = () => { for (const piece of document.querySelectorAll(".portal-pieces > .portal-piece")) piece.draggable = true; };
const unmark = () => { for (const piece of document.querySelectorAll(".portal-piece")) piece.classList.remove("portal-piece--target", "portal-piece--target-end"); };

document.addEventListener("dragstart", (event) => {
  dragged = pieceAt(event);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("portal-piece--dragged");
});
document.addEventListener("dragover", (event) => {
  const over = dragged && pieceAt(event);
  unmark();
  if (!over || over === dragged) return;
  event.preventDefault();
  const down = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
  over.classList.add(down ? "portal-piece--target-end" : "portal-piece--target");
});
document.addEventListener("drop", (event) => {
  const over = dragged && pieceAt(event);
  if (!over || over === dragged) return;
  event.preventDefault();
  const form = dragged.querySelector("form[hx-post]");
  form.elements.to.value = [...over.parentElement.children].indexOf(over);
  form.requestSubmit();
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("portal-piece--dragged");
  dragged = null;
  unmark();
});
document.addEventListener("htmx:afterProcessNode", ready);
ready();

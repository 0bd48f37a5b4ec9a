// What JavaScript adds to pages that work without it. Nothing here is needed to read or to file.

// After a refused form, reading starts at the list of what is wrong.
document.querySelector("[data-focus]")?.focus();

// « Ajouter une ligne » leads to the new row: typing goes on in its first field, unless something is wrong above.
const newRow = location.hash ? document.getElementById(location.hash.slice(1)) : null;
if (newRow?.matches(".portal-row") && !document.querySelector("[data-focus]")) {
  newRow.querySelector(".portal-row__fields :is(input, select, textarea)")?.focus();
  history.replaceState(history.state, "", location.pathname + location.search); // else the next page would inherit it
}

// A textarea with data-max-words or data-max-characters says how much of it is written; passing the limit is read aloud.
const words = (text) => (text.trim() ? text.trim().split(/\s+/).length : 0);
const characters = (text) => [...text.trim()].length;

function counted(area, measure, noun, limit) {
  const counter = document.createElement("p");
  counter.className = "fr-hint-text portal-counter";
  counter.id = `${area.id}_counter`;
  const count = () => {
    const used = measure(area.value);
    const over = used > limit;
    counter.textContent = `${used.toLocaleString("fr")} ${noun}${used > 1 ? "s" : ""} sur ${limit.toLocaleString("fr")}`;
    counter.classList.toggle("portal-counter--over", over);
    if (over === passed) return;
    passed = over;
    document.getElementById("annonces").textContent = over ? `Trop long : ${counter.textContent}.` : "";
  };
  let passed = measure(area.value) > limit;
  area.after(counter);
  area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${counter.id}`.trim());
  area.addEventListener("input", count);
  count();
}

for (const area of document.querySelectorAll("textarea[data-max-words]")) {
  counted(area, words, "mot", Number(area.dataset.maxWords));
}
for (const area of document.querySelectorAll("textarea[data-max-characters]")) {
  counted(area, characters, "caractère", Number(area.dataset.maxCharacters));
}

// What htmx brings in with data-announce is read aloud, once: a live region that is itself replaced is not.
document.addEventListener("htmx:load", (event) => {
  const region = document.getElementById("annonces");
  const brought = event.target.closest("[data-announce]") ?? event.target.querySelector("[data-announce]");
  const text = event.target === document.body ? "" : brought?.dataset.announce;
  if (text && region.textContent !== text) region.textContent = text;
});

// What JavaScript adds to pages that work without it. Nothing here is needed to read or to file.

// After a refused form, reading starts at the list of what is wrong.
document.querySelector("[data-focus]")?.focus();

// « Ajouter une ligne » leads to the new row: typing goes on in its first field, unless something is wrong above.
const newRow = location.hash ? document.getElementById(location.hash.slice(1)) : null;
if (newRow?.matches(".portal-row") && !document.querySelector("[data-focus]")) {
  newRow.querySelector(".portal-row__fields :is(input, select, textarea)")?.focus();
  history.replaceState(history.state, "", location.pathname + location.search); // else the next page would inherit it
}

// A textarea with data-max-words says how many words are left.
const words = (text) => (text.trim() ? text.trim().split(/\s+/).length : 0);

for (const area of document.querySelectorAll("textarea[data-max-words]")) {
  const limit = Number(area.dataset.maxWords);
  const counter = document.createElement("p");
  counter.className = "fr-hint-text portal-counter";
  const count = () => {
    const used = words(area.value);
    counter.textContent = `${used} mot${used > 1 ? "s" : ""} sur ${limit}`;
    counter.classList.toggle("portal-counter--over", used > limit);
  };
  area.after(counter);
  area.addEventListener("input", count);
  count();
}

// What htmx brings in with data-announce is read aloud, once: a live region that is itself replaced is not.
document.addEventListener("htmx:load", (event) => {
  const region = document.getElementById("annonces");
  const brought = event.target.closest("[data-announce]") ?? event.target.querySelector("[data-announce]");
  const text = event.target === document.body ? "" : brought?.dataset.announce;
  if (text && region.textContent !== text) region.textContent = text;
});

// The grid of amounts of a dossier: arrow keys and Enter between cells, rows and years added on the spot, cells pasted
// from a spreadsheet, sums as one types. Without this file the buttons of the page do the same, on the server.

const sheet = document.querySelector("[data-grid]");
const form = sheet.closest("form");
const told = sheet.querySelector("[data-grid-told]");
const table = sheet.querySelector("table");
const mostRows = Number(sheet.dataset.maxRows);
const mostYears = Number(sheet.dataset.maxYears);

const rows = () => [...table.querySelectorAll("[data-row]")];
const years = () => [...table.querySelectorAll("thead [data-year]")].map((head) => Number(head.dataset.year));
const cell = (row, key) => row.querySelector(`[name="${row.id}-${key}"]`);
const button = (name) => sheet.querySelector(`button[name="${name}"]`);
const plural = (count, one, many) => `${count} ${count > 1 ? many : one}`;

// Amounts, in cents, as the server reads them; null where there is none to add.
const UNITS = { k: 1e3, m: 1e6, md: 1e9 };
const cents = (text) => {
  let value = text.replace(/[\s\u00a0\u202f€]/g, "").toLowerCase();
  const unit = /[^-+.,\d]*$/.exec(value)[0];
  if (unit && !(unit in UNITS)) return null;
  value = value.slice(0, value.length - unit.length);
  if (/^\d{1,3}(\.\d{3})+,\d*$|^\d{1,3}(\.\d{3}){2,}$/.test(value)) value = value.replaceAll(".", "");
  value = value.replace(",", ".");
  return /^\d+(\.\d*)?$/.test(value) ? Math.round(Number(value) * (UNITS[unit] ?? 1) * 100) : null;
};
const written = (sum) =>
  new Intl.NumberFormat("fr-FR", { minimumFractionDigits: sum % 100 ? 2 : 0, maximumFractionDigits: 2 }).format(sum / 100);

const recount = () => {
  const shown = years();
  const sums = { amounts: shown.map(() => 0), payments: shown.map(() => 0) };
  for (const row of rows()) {
    const read = (mark) => shown.map((year) => cents(cell(row, `${year}${mark}`)?.value ?? ""));
    const amounts = read("");
    const payments = read("-cp").some((value) => value !== null) ? read("-cp") : amounts;
    const erased = cell(row, "DELETE").checked;
    for (const [name, values] of Object.entries({ amounts, payments })) {
      const place = row.querySelector(`[data-total="${name}"]`);
      if (place) place.textContent = written(values.reduce((sum, value) => sum + (value ?? 0), 0));
      if (!erased) values.forEach((value, index) => { sums[name][index] += value ?? 0; });
    }
  }
  for (const [name, values] of Object.entries(sums)) {
    const all = [...values, values.reduce((sum, value) => sum + value, 0)];
    table.querySelectorAll(`[data-sum="${name}"]`).forEach((place, index) => { place.textContent = written(all[index]); });
  }
};

// The server is asked for the sums by source and the checks of the call once one leaves a cell.
const changed = () => {
  recount();
  form.dispatchEvent(new Event("gridchange", { bubbles: true }));
  form.dispatchEvent(new Event("change")); // what a script puts in cells is kept as what one types
};

const cleared = (part) => {
  part.querySelectorAll(".fr-message").forEach((message) => message.remove());
  for (const control of part.querySelectorAll("input, select")) {
    if (control.type === "checkbox") control.checked = false;
    else control.value = "";
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
    control.classList.remove("fr-input--error", "fr-select--error");
  }
  return part;
};

const renamed = (part, change) => {
  for (const each of [part, ...part.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-label"]) {
      if (each.hasAttribute(name)) each.setAttribute(name, change(each.getAttribute(name)));
    }
  }
  return part;
};

const addRow = () => {
  const last = rows().at(-1);
  const index = rows().length;
  if (!last || index >= mostRows) return null;
  const row = renamed(cleared(last.cloneNode(true)), (text) =>
    text.replace(/^(id_)?rows-\d+/, `$1rows-${index}`).replace(/^Ligne \d+/, `Ligne ${index + 1}`));
  row.querySelector("th").textContent = index + 1;
  for (const name of row.querySelectorAll(".fr-sr-only")) name.textContent = name.textContent.replace(/(ligne) \d+/i, `$1 ${index + 1}`);
  last.after(row);
  form.elements["rows-count"].value = index + 1;
  return row;
};

const addYear = () => {
  const shown = years();
  const last = shown.at(-1);
  if (shown.length >= mostYears || last >= 2100) return false;
  const next = (text) => text.replace(String(last), String(last + 1));
  const copied = (place) => {
    const copy = renamed(cleared(place.cloneNode(true)), next);
    place.after(copy);
    return copy;
  };
  const head = copied(table.querySelector(`thead [data-year="${last}"]`));
  head.dataset.year = head.textContent = last + 1;
  for (const row of rows()) {
    for (const mark of ["", "-cp"]) {
      const input = cell(row, `${last}${mark}`);
      if (input?.closest("td")) copied(input.closest("td"));
    }
  }
  for (const line of table.querySelectorAll("tfoot tr")) copied([...line.querySelectorAll("[data-sum]")].at(-2));
  const hidden = [...form.querySelectorAll('input[name="year"]')].at(-1);
  const copy = hidden.cloneNode();
  copy.value = last + 1;
  hidden.after(copy);
  form.elements.year_count.value = shown.length + 1;
  return true;
};

button("add_row").addEventListener("click", (event) => {
  event.preventDefault();
  const row = addRow();
  if (row) row.querySelector("select, input")?.focus();
  else told.textContent = `Un tableau a ${mostRows} lignes au plus.`;
  recount();
});

button("add_year").addEventListener("click", (event) => {
  event.preventDefault();
  told.textContent = addYear() ? `L’année ${years().at(-1)} est ajoutée.` : `Un tableau a ${mostYears} années au plus.`;
  changed();
});

// Arrow keys and Enter. Left and right leave a cell only from its ends, where the caret can go no further.
const key = (control) => control.name.replace(/^rows-\d+-/, "").replace(/-cp$/, "");
const isText = (control) => control.matches?.('[data-row] input[type="text"]');

const goTo = (control) => {
  if (!control) return;
  control.focus();
  control.select?.();
};

table.addEventListener("keydown", (event) => {
  if (!isText(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const control = event.target;
  const column = [...table.querySelectorAll('[data-row] input[type="text"]')].filter((each) => key(each) === key(control));
  const down = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
  if (down) {
    event.preventDefault();
    let next = column[column.indexOf(control) + down];
    if (!next && event.key === "Enter" && down === 1) {
      const row = addRow();
      next = row && cell(row, key(control));
    }
    goTo(next);
    return;
  }
  const line = [...control.closest("tr").querySelectorAll('input[type="text"]')];
  const { selectionStart: start, selectionEnd: end, value } = control;
  const whole = start === 0 && end === value.length;
  if (event.key === "ArrowRight" && !event.shiftKey && end === value.length && (whole || start === end)) {
    event.preventDefault();
    goTo(line[line.indexOf(control) + 1]);
  }
  if (event.key === "ArrowLeft" && !event.shiftKey && start === 0 && (whole || start === end)) {
    event.preventDefault();
    goTo(line[line.indexOf(control) - 1]);
  }
});

// Cells copied from a spreadsheet fill the grid to the right and down, from the cell where one pastes.
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").trim().toLowerCase();
const HEADINGS = ["source", "nature", "precision", "libelle", "perenne", "credits"];
const isYear = (text) => /^(20\d\d|2100)$/.test(text.trim());
const isHeading = (cells) =>
  cells.some((text) => HEADINGS.includes(plain(text))) || (cells.length > 1 && cells.every((text) => !text.trim() || isYear(text)) && cells.some(isYear));

const put = (control, text) => {
  if (control.matches("select")) {
    const option = [...control.options].find((each) => plain(each.text) === plain(text) || each.value === plain(text));
    if (!option) return false;
    control.value = option.value;
  } else if (control.type === "checkbox") {
    control.checked = ["oui", "x", "vrai", "1"].includes(plain(text));
  } else {
    control.value = ["-", "–", "-€"].includes(text.replace(/\s/g, "")) ? "" : text.trim();
  }
  return true;
};

// The controls of a row that one fills in, in the order of the columns; payments fill payments.
const controls = (row, mark) =>
  [...row.querySelectorAll("select, input")].filter((each) => !each.name.endsWith("-DELETE") && (/-\d{4}/.test(each.name) ? each.name.endsWith("-cp") === Boolean(mark) : true));

// What found no place is not lost: the whole of what was pasted stays under the grid, to be copied again.
const keepPasted = (text) => {
  const kept = sheet.querySelector("[data-pasted]") ?? document.createElement("textarea");
  Object.assign(kept, { className: "fr-input fr-mt-1w", readOnly: true, rows: 4, value: text, ariaLabel: "Ce que vous avez collé" });
  kept.dataset.pasted = "";
  told.after(kept);
};

table.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  const inText = event.target.matches("[name$=-label]"); // a label of two lines is one text, not two rows
  if (!event.target.closest("[data-row]") || !(inText ? /\t/ : /[\t\n]/).test(text)) return;
  event.preventDefault();
  const pasted = text.split("\n").map((line) => line.split("\t").map((each) => each.replace(/^"(.*)"$/, "$1")));
  if (isHeading(pasted[0])) {
    form.elements.pasted.value = text;
    sheet.querySelector("details").open = true;
    told.textContent = "";
    button("paste").focus();
    document.getElementById("annonces").textContent =
      "Les cellules collées ont des en-têtes : relisez-les sous le tableau, puis « Mettre dans le tableau ».";
    return;
  }
  const mark = event.target.name.endsWith("-cp") ? "-cp" : "";
  const first = rows().indexOf(event.target.closest("[data-row]"));
  const width = Math.max(...pasted.map((line) => line.length));
  const from = controls(rows()[first], mark).indexOf(event.target);
  const missing = from + width - controls(rows()[first], mark).length;
  if (missing > mostYears - years().length) {
    keepPasted(text);
    told.textContent = `${width} colonnes collées : il en reste ${width - missing} à droite de cette case, et un tableau a ${mostYears} années au plus. Rien n’est rempli ; ce que vous avez collé est gardé sous le tableau.`;
    return;
  }
  for (let added = 0; added < missing; added += 1) addYear();
  let filled = 0;
  const refused = [];
  const place = pasted.slice(0, mostRows - first);
  place.forEach((line, index) => {
    const row = rows()[first + index] ?? addRow();
    line.forEach((value, column) => {
      if (!value.trim()) return;
      const control = controls(row, mark)[from + column];
      if (put(control, value)) filled += 1;
      else refused.push(`« ${value.trim().slice(0, 30)} » (ligne ${first + index + 1})`);
    });
  });
  const left = pasted.length - place.length;
  if (refused.length || left) keepPasted(text);
  told.textContent = [
    `${plural(filled, "case remplie", "cases remplies")}.`,
    refused.length ? `N’est pas dans la liste : ${refused.join(", ")}.` : "",
    left ? `${plural(left, "ligne n’a", "lignes n’ont")} pas trouvé de place : un tableau a ${mostRows} lignes au plus.` : "",
    refused.length || left ? "Tout ce que vous avez collé est gardé sous le tableau." : "",
    missing > 0 ? `${plural(missing, "année ajoutée", "années ajoutées")}.` : "",
  ].filter(Boolean).join(" ");
  changed();
});

table.addEventListener("input", recount);
table.addEventListener("change", changed);
recount();

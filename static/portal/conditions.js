// Questions that come and go as one answers those they depend on. Without this, each says when it is to be filled.
// What is hidden is still sent: nothing that was typed is lost, and the server alone decides what counts.

const NUMERIC = ["integer", "decimal", "amount", "percentage"];
const typed = (control) => control.type !== "hidden" && !/-DELETE$/.test(control.name);

const READ = {
  boolean: ([value]) => (value === undefined ? null : value === "oui"),
  declaration: ([value]) => (value === undefined ? null : true),
  choices: (values) => values,
};

// The answer to a question as the server would keep it, near enough to compare it.
function answerOf(question) {
  const { type } = question.dataset;
  if (type === "files") return [...question.querySelectorAll("[name=detach_file], input[type=file]")].filter((control) => control.type !== "file" || control.files.length);
  if (type === "rows") return [...question.querySelectorAll(".portal-row")].filter((row) => valuesIn(row).length);
  const values = valuesIn(question);
  if (READ[type]) return READ[type](values);
  return NUMERIC.includes(type) ? toNumber(values[0]) : (values[0] ?? null);
}

function valuesIn(part) {
  const controls = [...part.querySelectorAll("input, select, textarea")].filter(typed);
  const chosen = controls.filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked);
  return chosen.map((control) => control.value.trim()).filter(Boolean);
}

function toNumber(value) {
  const number = Number(String(value ?? "").replace(/[\s€%]/g, "").replace(",", ".") || NaN);
  return Number.isNaN(number) ? null : number;
}

const answered = (answer) => answer !== null && answer !== undefined && answer !== "" && answer.length !== 0;

const TESTS = {
  answered: (answer) => answered(answer),
  not_answered: (answer) => !answered(answer),
  is: (answer, value) => answered(answer) && answer === value,
  is_not: (answer, value) => answered(answer) && answer !== value,
  includes: (answer, value) => Array.isArray(answer) && answer.includes(value),
  excludes: (answer, value) => Array.isArray(answer) && answer.length > 0 && !answer.includes(value),
  at_least: (answer, value) => answered(answer) && toNumber(answer) >= toNumber(value),
  at_most: (answer, value) => answered(answer) && toNumber(answer) <= toNumber(value),
};

function holds({ match, tests }, answers) {
  const met = ({ question, operator, value }) => TESTS[operator](answers[question] ?? null, value);
  return match === "any" ? tests.some(met) : tests.every(met);
}

function follow(form) {
  const parts = [...form.querySelectorAll("[data-condition], [data-question]")];
  for (const when of form.querySelectorAll("[data-when]")) when.hidden = true;

  const update = (told) => {
    const answers = Object.assign({}, ...[...form.querySelectorAll("[data-known]")].map((each) => JSON.parse(each.dataset.known)));
    const come = [];
    for (const part of parts) {
      const asked = !part.dataset.condition || holds(JSON.parse(part.dataset.condition), answers);
      // What is refused stays in sight: it would otherwise prevent saving unseen.
      const hidden = !asked && !part.querySelector(".fr-message--error");
      if (part.hidden && !hidden) come.push(part.querySelector("legend, label")?.firstChild?.textContent.trim() ?? "");
      part.hidden = hidden;
      if (part.dataset.question && asked && !part.closest("[hidden]")) answers[part.dataset.question] = answerOf(part);
    }
    const region = document.getElementById("annonces");
    if (told && come.length && region) region.textContent = `À remplir aussi : ${come.join(", ")}`;
  };

  form.addEventListener("input", () => update(true));
  form.addEventListener("change", () => update(true));
  update(false);
}

for (const form of document.querySelectorAll("form:has([data-condition])")) follow(form);

// A form that loses nothing: what is typed is kept in this browser at once, and on the portal every few seconds.
// Without this file, its button does the same.
//
//   <form data-autosave="address, or empty" data-user="account" data-sign-in="address" [data-unsaved] [data-paused]>
//
// With an empty address, only the copy in this browser is kept, until the page that follows says that the form is saved
// (data-saved, in components/messages.html). With data-unsaved, the page shows what was typed and is not kept yet; with
// data-paused, nothing is sent before the form itself: there is a choice to make.

const QUIET = 2_500; // milliseconds without typing after which one saves
const LONGEST = 10_000; // milliseconds of typing after which one saves anyway
const RETRIES = [5_000, 10_000, 20_000, 30_000];
const OWN = ["csrfmiddlewaretoken", "section_version", "section_base", "section_author"]; // what nobody types

const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
const element = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
const button = (text, act, kind = "secondary") => {
  const made = Object.assign(element("button", `fr-btn fr-btn--sm fr-btn--${kind}`, text), { type: "button" });
  made.addEventListener("click", act);
  return made;
};

// What a form would send, files apart: those are never kept here.
const pairsOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const typed = (pairs) => JSON.stringify(pairs.filter(([name]) => !OWN.includes(name)).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n").trim()]));

function watch(form) {
  const { autosave: address, user, signIn } = form.dataset;
  const key = `brouillon:${user}:${new URL(form.action).pathname}`; // where it is saved, whichever page shows it
  const bar = new Bar(form);
  const unsaved = "unsaved" in form.dataset;
  let acknowledged = unsaved ? null : typed(pairsOf(form)); // what the portal has
  let stopped = "paused" in form.dataset || !address;
  let sending = false, timer = 0, since = 0, failures = 0, kept = true;
  let once = () => {}; // what waits for the answer to what is being sent

  const isDirty = () => typed(pairsOf(form)) !== acknowledged;

  function keepCopy() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), pairs: pairsOf(form) }));
      kept = true;
    } catch {
      kept = false; // private browsing, or no room left
    }
    return kept;
  }

  function schedule(delay = QUIET) {
    if (stopped) return;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(delay, since + LONGEST - Date.now())));
  }

  async function send() {
    clearTimeout(timer);
    if (stopped || sending) return;
    if (!isDirty()) return;
    const pairs = pairsOf(form), sent = typed(pairs);
    const token = cookie("csrftoken") ?? form.elements.csrfmiddlewaretoken.value;
    sending = true;
    since = 0;
    bar.say("Enregistrement…");
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(pairs),
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(20_000),
      });
      const json = await answer.json().catch(() => null);
      if (answer.ok && json) acknowledge(json, sent);
      else refuse(answer.status, json, token);
    } catch {
      retry("Le portail ne répond pas : vérifiez votre connexion.");
    } finally {
      sending = false;
      once();
      once = () => {};
    }
  }

  function acknowledge(json, sent) {
    failures = 0;
    if (json.nothing) {
      showRefused(form, json.refused);
      keepCopy();
      bar.calm();
      const [name, reason] = Object.entries(json.refused)[0];
      const cell = form.elements[name]?.ariaLabel;
      return bar.say(`Pas encore enregistré. ${cell ? `${cell} : ` : ""}${reason} Le tableau s’enregistre dès que toutes ses cases sont justes ; ce navigateur le garde d’ici là.`, "warning");
    }
    form.elements.section_version.value = json.version;
    form.elements.section_base.value = json.base;
    acknowledged = sent;
    const wrong = showRefused(form, json.refused);
    const still = isDirty();
    if (!still && !wrong) localStorage.removeItem(key);
    else keepCopy();
    const but = wrong ? `, sauf ${wrong > 1 ? `${wrong} réponses` : "une réponse"} à corriger` : "";
    bar.say(`Enregistré à ${json.saved_at}${but}`, wrong ? "warning" : "success");
    bar.calm();
    if (json.changed.length) bar.note(`Un collègue a changé entre-temps : ${json.changed.join(", ")}. Sa réponse est gardée, rechargez la page pour la lire.`);
    if (still) schedule();
  }

  function refuse(status, json, token) {
    // The answer to a form whose cookie is gone brings a new one.
    if (status === 403 && cookie("csrftoken") && cookie("csrftoken") !== token) return schedule(0);
    if (status === 401) {
      const link = Object.assign(element("a", "fr-link", "Se connecter dans un autre onglet"), { href: signIn, target: "_blank", rel: "noopener" });
      return retry(`${json?.reason ?? "Votre session a expiré."} Reconnectez-vous, puis revenez ici : l’enregistrement reprendra tout seul.`, link);
    }
    if (status >= 500 || status === 429 || status === 408) return retry("Le portail ne peut pas enregistrer pour l’instant.");
    stopped = true;
    keepCopy();
    if (json?.conflict || json?.form_corrected) {
      const reason = json.by ? `${json.by} a changé la même réponse que vous.` : json.reason;
      const compare = button(json.conflict ? "Comparer les deux textes" : "Voir ce qui a changé", () => form.requestSubmit(), "primary");
      return bar.alarm(`${reason} L’enregistrement automatique s’arrête, rien n’est perdu.`, compare);
    }
    bar.alarm(`${json?.reason ?? "Le portail refuse d’enregistrer cette page."} ${safe()} Copiez-le ou rechargez la page.`);
  }

  function retry(reason, action) {
    keepCopy();
    const delay = RETRIES[Math.min(failures++, RETRIES.length - 1)];
    bar.alarm(`${reason} ${safe()} Nouvel essai dans ${delay / 1000} secondes.`, action ?? button("Réessayer maintenant", send));
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  const safe = () => kept ? "Votre texte n’est pas enregistré sur le portail : il est gardé sur cet ordinateur." : "Votre texte n’est enregistré nulle part : ne fermez pas cette page.";

  // Rows that this page does not have: the portal draws them, with all that was typed in them, and saves nothing.
  function sendBack(copy) {
    localStorage.setItem(key, JSON.stringify({ ...copy, sentBack: true }));
    const sent = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
    const token = ["csrfmiddlewaretoken", cookie("csrftoken") ?? form.elements.csrfmiddlewaretoken.value];
    for (const [name, value] of [...copy.pairs, token, ["add_row", ""]]) {
      const control = Object.assign(document.createElement("textarea"), { name, value });
      sent.append(control);
    }
    document.body.append(sent);
    sent.submit();
  }

  function offerCopy() {
    let copy;
    try { copy = JSON.parse(localStorage.getItem(key)); } catch { return; }
    if (!copy?.pairs) return;
    const before = pairsOf(form);
    if (typed(copy.pairs) === acknowledged) return localStorage.removeItem(key);
    const unplaced = put(form, copy.pairs);
    if (unplaced.length && !copy.sentBack) return sendBack(copy);
    const at = new Date(copy.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
    bar.restored(
      `Ce que vous aviez écrit le ${at} n’était pas arrivé au portail. Cet ordinateur l’avait gardé : il est remis dans les champs.`,
      unplaced,
      button("Revenir au texte enregistré", () => {
        put(form, before);
        localStorage.removeItem(key);
        bar.restored("");
        bar.say("Texte enregistré remis dans les champs");
      }),
    );
    schedule(500);
  }

  form.addEventListener("input", () => { keepCopy(); schedule(); });
  form.addEventListener("change", () => { keepCopy(); schedule(500); });
  form.addEventListener("submit", (event) => {
    if (form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = cookie("csrftoken") ?? form.elements.csrfmiddlewaretoken.value;
    if (isDirty()) keepCopy();
    if (!navigator.onLine) {
      event.preventDefault();
      return bar.alarm(`Pas de connexion : rien n’a été envoyé. ${safe()}`);
    }
    clearTimeout(timer);
    if (sending) { // what the page sends follows the version that its own autosave is about to make
      event.preventDefault();
      once = () => form.requestSubmit(event.submitter);
    }
  });
  const again = () => { if (failures) send(); };
  window.addEventListener("online", again);
  window.addEventListener("focus", again);
  document.addEventListener("visibilitychange", () => (document.hidden ? send() : again()));
  window.addEventListener("beforeunload", (event) => { if (!kept && isDirty()) event.preventDefault(); });
  if (unsaved || "paused" in form.dataset) {
    keepCopy();
    schedule();
  } else offerCopy();
}

// Where one reads how it goes: a bar that stays in sight. Only what is wrong, and its end, is read aloud.
class Bar {
  constructor(form) {
    this.status = element("p", "portal-autosave__status");
    this.alert = element("div", "portal-autosave__alert");
    this.alert.setAttribute("role", "alert");
    this.notice = element("div", "portal-autosave__notice");
    const bar = element("div", "portal-autosave");
    bar.append(this.alert, this.status);
    const hint = "Ce que vous tapez s’enregistre tout seul, toutes les quelques secondes. Tant que le portail ne l’a pas reçu, ce navigateur en garde une copie, que la déconnexion efface : sur un poste partagé, déconnectez-vous en partant.";
    const alone = "Ce que vous tapez est gardé dans ce navigateur jusqu’à ce que vous l’enregistriez, et s’efface à la déconnexion.";
    form.before(this.notice);
    form.append(element("p", "fr-hint-text fr-mt-2w", form.dataset.autosave && !("paused" in form.dataset) ? hint : alone), bar);
  }

  say(text, kind = "") {
    this.status.textContent = text;
    this.status.className = `portal-autosave__status${kind ? ` portal-autosave__status--${kind}` : ""}`;
  }

  alarm(text, action) {
    this.say("Non enregistré", "error");
    const shown = this.alert.querySelector("p");
    // The same warning, its seconds apart, is not read aloud again.
    if (shown && shown.textContent.replace(/\d+/g, "") === text.replace(/\d+/g, "")) return void (shown.textContent = text);
    const alert = element("div", "fr-alert fr-alert--error fr-alert--sm");
    alert.append(element("p", "", text), ...(action ? [action] : []));
    this.alert.replaceChildren(alert);
  }

  calm() {
    if (!this.alert.firstChild) return;
    this.alert.replaceChildren();
    document.getElementById("annonces").textContent = this.status.textContent;
  }

  note(text) {
    const alert = element("div", "fr-alert fr-alert--warning fr-alert--sm");
    alert.setAttribute("role", "status");
    alert.append(element("p", "", text));
    this.notice.replaceChildren(alert);
  }

  restored(text, unplaced = [], action) {
    if (!text) return this.notice.replaceChildren();
    const alert = element("div", "fr-alert fr-alert--info fr-alert--sm fr-mb-3w");
    alert.setAttribute("role", "status");
    alert.append(element("p", "", text));
    if (unplaced.length) {
      alert.append(element("p", "", "Ces textes n’ont plus de champ ici, copiez-les :"));
      for (const value of unplaced) alert.append(element("blockquote", "portal-autosave__text", value));
    }
    alert.append(action);
    this.notice.replaceChildren(alert);
  }
}

// What the portal could not keep, beside its field; returns how many fields.
function showRefused(form, refused) {
  for (const told of form.querySelectorAll("[data-refused]")) told.remove();
  for (const control of form.querySelectorAll("[data-refused-control]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("data-refused-control");
    control.setAttribute("aria-describedby", control.getAttribute("aria-describedby").replace(/ ?refus-\S+/g, ""));
  }
  for (const [name, reason] of Object.entries(refused)) {
    const named = [...form.elements].filter((control) => control.name === name && control.type !== "hidden");
    const place = named[0]?.closest(".portal-field") ?? form.querySelector(`[data-question="${CSS.escape(name)}"]`);
    if (!place) continue;
    const told = element("p", "fr-message fr-message--error", reason);
    told.dataset.refused = "";
    told.id = `refus-${name}`;
    place.append(told);
    for (const control of named) {
      control.dataset.refusedControl = "";
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
    }
  }
  return Object.keys(refused).length;
}

// Fill a form with what it once held; returns the texts that have no field any more.
function put(form, pairs) {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || control.name === "csrfmiddlewaretoken" || ["file", "submit", "button", "fieldset"].includes(control.type)) continue;
    const given = values.get(control.name) ?? [];
    if (["checkbox", "radio"].includes(control.type)) control.checked = given.includes(control.value);
    else if (given.length && !(control.type === "hidden" && control.name.endsWith("_FORMS"))) control.value = given.length > 1 ? given.shift() : given[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: false }));
  const names = new Set([...form.elements].map((control) => control.name));
  return pairs.filter(([name, value]) => !names.has(name) && value.trim() && !name.endsWith("_FORMS")).map(([, value]) => value);
}

for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);

// Who else is here: asked again while the page is in sight.
for (const present of document.querySelectorAll("[data-presence]")) {
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(present.dataset.presence, {
        method: "POST",
        body: new URLSearchParams({ section: present.dataset.section }),
        headers: { "X-CSRFToken": cookie("csrftoken") ?? "" },
      });
      if (!answer.ok) return;
      const { names } = await answer.json();
      const text = names.length ? `${present.dataset.told} ${names.join(", ")}.` : "";
      if (present.textContent !== text) present.textContent = text;
    } catch { /* the warning of what is not saved says enough */ }
  };
  setInterval(ask, 25_000);
}

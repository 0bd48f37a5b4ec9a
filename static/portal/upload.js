// Files sent piece by piece as soon as they are chosen or dropped, each with its progress. Cut, they go on from where
// the server is; a file chosen again after a reload is known by its name, size and date. Without this the form sends them.

const PIECE = 512 * 1024; // bytes: small enough for the progress to be seen on a slow line
const DELAYS = [1, 2, 4, 8, 15, 30]; // seconds between two tries
const megabytes = (bytes) => `${(bytes / 1048576).toLocaleString("fr-FR", { maximumFractionDigits: 1 })} Mo`;
const say = (text) => { document.getElementById("annonces").textContent = text; };
const sleep = (seconds, until) => new Promise((done) => {
  setTimeout(done, seconds * 1000);
  until.addEventListener("resume", done, { once: true });
  addEventListener("online", done, { once: true });
});

class Cut extends Error {}
class Refusal extends Error {}
class GivenUp extends Error {}

const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

// One request: the answer's JSON and status, or what stops: a line that is cut, a session that has ended, a refusal.
async function ask(url, { method = "POST", headers = {}, ...options } = {}) {
  let response;
  try {
    response = await fetch(url, { method, redirect: "manual", headers: { "X-CSRFToken": token(), ...headers }, ...options });
  } catch (error) {
    if (error.name === "AbortError") throw new GivenUp();
    throw new Cut("La connexion est interrompue.");
  }
  if (response.type === "opaqueredirect") throw new Cut("Votre session a expiré. Reconnectez-vous dans un autre onglet, puis revenez ici.");
  if (response.status === 403) throw new Cut("Le serveur n’accepte plus cet envoi. Reconnectez-vous dans un autre onglet si votre session a expiré.");
  if (response.status >= 500 || response.status === 429) throw new Cut("Le serveur ne répond pas.");
  const answer = await response.json().catch(() => ({}));
  if (answer.told) throw new Refusal(answer.told);
  return { status: response.status, ...answer };
}

class Upload {
  constructor(sender, file) {
    Object.assign(this, { sender, file, stop: new AbortController(), clock: new EventTarget() });
    this.line = document.createElement("li");
    this.line.className = "portal-upload";
    this.line.innerHTML = `<span class="portal-upload__name"></span>
      <span class="portal-upload__buttons"><button type="button" class="fr-btn fr-btn--tertiary fr-btn--sm" data-resume hidden>Reprendre maintenant</button>
      <button type="button" class="fr-btn fr-btn--tertiary fr-btn--sm" data-give-up>Abandonner</button></span>
      <progress max="100" value="0"></progress><p class="portal-upload__told">En attente</p>`;
    const [name, progress, told] = [".portal-upload__name", "progress", ".portal-upload__told"].map((each) => this.line.querySelector(each));
    Object.assign(this, { progress, told, resume: this.line.querySelector("[data-resume]"), giveUp: this.line.querySelector("[data-give-up]") });
    name.textContent = file.name;
    progress.setAttribute("aria-label", `Envoi de ${file.name}`);
    this.resume.addEventListener("click", () => this.clock.dispatchEvent(new Event("resume")));
    this.giveUp.addEventListener("click", () => this.abandon());
  }

  tell(text, state = "") {
    this.line.className = `portal-upload${state ? ` portal-upload--${state}` : ""}`;
    this.resume.hidden = state !== "waiting";
    this.told.textContent = text;
  }

  move(received) {
    this.progress.value = Math.round((100 * received) / Math.max(1, this.file.size));
    this.tell(`${megabytes(received)} sur ${megabytes(this.file.size)}`);
  }

  async run() {
    for (let tries = 0; ;) {
      try {
        const before = this.received ?? 0;
        await this.send(() => { if (this.received > before) tries = 0; });
        this.finish(`« ${this.file.name} » est joint au dossier.`, "done");
        return true;
      } catch (error) {
        if (error instanceof GivenUp) return false;
        if (!(error instanceof Cut)) {
          this.finish(error instanceof Refusal ? error.message : "Ce fichier ne peut plus être lu sur votre ordinateur : choisissez-le de nouveau.", "refused");
          return false;
        }
        this.tell(`${error.message} ${megabytes(this.received ?? 0)} sont déjà arrivés : l’envoi reprendra tout seul, de là.`, "waiting");
        if (tries === 0) say(`${this.file.name} : ${error.message} L’envoi reprendra tout seul.`);
        await sleep(DELAYS[Math.min(tries++, DELAYS.length - 1)], this.clock);
        if (this.stop.signal.aborted) return false;
      }
    }
  }

  // Begins again from the start: the server knows the file, and says how far it is.
  async send(progressed) {
    const announced = { under: this.sender.under, name: this.file.name, size: this.file.size, fingerprint: `${this.file.size}-${this.file.lastModified}` };
    const { signal } = this.stop;
    const begun = await ask(this.sender.address, { body: new URLSearchParams(announced), signal });
    if (!begun.url) throw new Cut("Le serveur n’accepte pas cet envoi.");
    this.url = begun.url;
    this.received = begun.received;
    this.move(this.received);
    while (this.received < this.file.size) {
      const body = this.file.slice(this.received, this.received + PIECE);
      const headers = { "Upload-Offset": String(this.received), "Content-Type": "application/offset+octet-stream" };
      const answer = await ask(this.url, { method: "PATCH", headers, body, signal });
      if (answer.received === undefined) throw new Cut("Le serveur n’accepte pas cet envoi.");
      this.received = answer.received; // after a 409, where another window has brought it
      this.move(this.received);
      progressed();
    }
    this.tell("Vérification du fichier…");
    const end = await ask(`${this.url}terminer/`, { signal });
    if (end.status === 404) throw new Refusal("Cet envoi est déjà terminé, ou a été abandonné : la liste des fichiers dit s’il est joint.");
    if (end.status !== 201) throw new Cut("Le serveur n’accepte pas cet envoi.");
  }

  finish(text, state) {
    this.progress.hidden = true;
    this.giveUp.textContent = "Effacer";
    this.over = true;
    this.tell(text, state);
    say(text);
  }

  abandon() {
    this.stop.abort();
    this.clock.dispatchEvent(new Event("resume"));
    if (this.url && !this.over) ask(`${this.url}abandonner/`).catch(() => {});
    this.sender.forget(this);
  }
}

// One place where files are joined: its input, its drop zone, its queue. Files go one after the other.
class Sender {
  constructor(form, input) {
    this.address = form.dataset.uploads;
    this.question = input.closest("[data-question]");
    this.under = this.question?.dataset.question ?? "";
    this.input = input;
    this.waiting = Promise.resolve();
    this.list = document.createElement("ul");
    this.list.className = "portal-uploads";
    this.list.setAttribute("aria-label", "Envois");
    this.list.hidden = true;
    const zone = input.closest(".portal-field") ?? input.parentElement;
    zone.classList.add("portal-drop");
    const hint = document.createElement("p");
    hint.className = "fr-hint-text fr-mt-1w fr-mb-0";
    hint.textContent = input.multiple ? "Vous pouvez aussi déposer des fichiers ici. Ils sont envoyés aussitôt." : "Vous pouvez aussi déposer un fichier ici. Il est envoyé aussitôt.";
    zone.append(hint);
    zone.after(this.list);
    input.addEventListener("change", () => { this.add([...input.files]); input.value = ""; });
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) { event.preventDefault(); zone.classList.add("portal-drop--over"); } });
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("portal-drop--over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); this.add([...event.dataTransfer.files]); });
  }

  add(files) {
    for (const file of files) {
      const upload = new Upload(this, file);
      this.list.hidden = false;
      this.list.append(upload.line);
      active.add(upload);
      this.waiting = this.waiting.then(async () => {
        const joined = !upload.stop.signal.aborted && (await upload.run());
        active.delete(upload);
        if (joined || upload.over) await this.refresh();
        if (joined && !this.under) upload.line.remove();
        this.list.hidden = !this.list.children.length;
      });
    }
  }

  forget(upload) {
    upload.line.remove();
    active.delete(upload);
    this.list.hidden = !this.list.children.length;
    this.input.focus();
  }

  // What the server now lists, in the place of what was listed: the rest of the page keeps what is being typed.
  async refresh() {
    const page = await fetch(location.pathname).then((response) => response.text()).catch(() => "");
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const listed = this.question ? `[data-question="${CSS.escape(this.under)}"] .portal-joined` : "#pieces";
    const [now, then] = [fresh.querySelector(listed), document.querySelector(listed)];
    if (now && then) then.replaceWith(now);
    else if (now) this.list.after(now);
    if (now) window.htmx?.process(now);
    this.input.dispatchEvent(new Event("input", { bubbles: true })); // other questions may depend on this one
  }
}

const active = new Set();
addEventListener("beforeunload", (event) => { if (active.size) event.preventDefault(); });
// A file dropped beside the zone would otherwise take the place of the page, and of what is typed in it.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });

for (const form of document.querySelectorAll("form[data-uploads]")) {
  form.classList.add("portal-scripted");
  for (const input of form.querySelectorAll("input[type=file]")) new Sender(form, input);
}

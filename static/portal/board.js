// A part of a page that keeps itself as the session goes: the deliberation board, the chair's page.
// What it shows is asked for again every two seconds; the portal answers « 304 » while nothing moved.

const region = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const aloud = document.getElementById("annonces");
const SECOND = 1000, EVERY = 2 * SECOND, HIDDEN = 30 * SECOND, SLOWEST = 30 * SECOND, SETTLING = 600;

// `performance.now` may stop while the computer sleeps, and its clock may be set back: the longer holds.
const elapsed = () => Math.max(performance.now(), Date.now() - performance.timeOrigin);
const clock = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit" });

let stamp = region.dataset.stamp, asked = 0, failures = 0, lostAt = null, timer, paused = false, over = false;
let replacedAt = -Infinity, asking = false;

function tell(text) {
  if (status.textContent !== text) status.textContent = text;
}

// --- The timer: what the server's clock said when the page was asked for, and what went by since ---

let leftBefore = Infinity;

function tick() {
  const shown = region.querySelector("[data-timer]");
  if (!shown) return void (leftBefore = Infinity);
  const left = (Number(shown.dataset.timer) - Number(shown.dataset.now)) * SECOND - (elapsed() - asked);
  const seconds = Math.max(0, Math.ceil(left / SECOND));
  const text = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "Temps écoulé";
  if (shown.textContent !== text) shown.textContent = text;
  shown.parentElement.classList.toggle("board__figure--over", !seconds);
  for (const [mark, said] of [[60 * SECOND, "Il reste une minute."], [0, "Temps écoulé."]]) {
    if (left <= mark && mark < leftBefore && leftBefore !== Infinity) aloud.textContent = said;
  }
  leftBefore = left;
}
setInterval(tick, SECOND / 4);

// --- Replacing what is shown, without taking the keyboard, the typing or the unfolded lists from who is there ---

const announced = () => region.querySelector("[data-live-announce]")?.dataset.liveAnnounce;

function replace(html) {
  const before = announced(), active = region.contains(document.activeElement) ? document.activeElement : null;
  const typed = [...region.querySelectorAll("input[id]")].filter((field) => field.value !== field.defaultValue);
  const unfolded = [...region.querySelectorAll("details[open][id]")];
  const scrolled = [...region.querySelectorAll("[id]")].filter((part) => part.scrollLeft || part.scrollTop);

  region.innerHTML = html; // the portal's own page, with every text escaped
  for (const field of typed) {
    const again = document.getElementById(field.id);
    if (again) again.value = field.value;
  }
  for (const part of unfolded) document.getElementById(part.id)?.setAttribute("open", "");
  for (const part of scrolled) document.getElementById(part.id)?.scrollTo(part.scrollLeft, part.scrollTop);
  if (active) ((active.id && document.getElementById(active.id)) || region).focus({ preventScroll: true });
  if (before !== announced()) aloud.textContent = announced() ?? "";
  replacedAt = performance.now();
  tick();
}

// What has just come under a finger is not pressed by it.
region.addEventListener("submit", (event) => {
  if (performance.now() - replacedAt < SETTLING) event.preventDefault();
});

// --- Asking ---

function end(html) {
  over = true;
  clearTimeout(timer);
  status.innerHTML = html;
}

async function ask() {
  if (asking || over) return;
  asking = true;
  const from = elapsed();
  try {
    const answer = await fetch(region.dataset.live, {
      headers: { "If-None-Match": stamp },
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(10 * SECOND),
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      end(`Votre connexion a pris fin. <a class="fr-link" href="">Reconnectez-vous</a> pour suivre la séance.`);
    } else if (answer.status === 403 || answer.status === 404) {
      region.replaceChildren();
      end("Cette page ne vous est plus ouverte.");
    } else if (answer.status === 304 || answer.ok) {
      if (answer.ok) {
        const html = await answer.text();
        // A button being pressed is not taken from under the finger.
        while (region.querySelector(":active")) await new Promise((done) => setTimeout(done, SECOND / 10));
        if (paused) return;
        asked = from;
        replace(html);
        stamp = answer.headers.get("ETag") ?? "";
      }
      failures = 0;
      lostAt = null;
      tell(paused ? "Actualisation suspendue" : "");
    } else {
      throw new Error(answer.status);
    }
  } catch {
    failures += 1;
    lostAt ??= clock.format(Date.now());
    tell(`Connexion perdue depuis ${lostAt}, nouvelle tentative…`);
  } finally {
    asking = false;
    later();
  }
}

function later() {
  clearTimeout(timer);
  if (over || paused) return;
  const patience = Math.min(EVERY * 2 ** failures, SLOWEST);
  timer = setTimeout(ask, document.hidden ? Math.max(HIDDEN, patience) : patience);
}

function now() {
  clearTimeout(timer);
  if (!paused) ask();
}

document.addEventListener("visibilitychange", () => (document.hidden ? later() : now()));
addEventListener("online", now);
addEventListener("offline", now);
addEventListener("pageshow", (event) => event.persisted && now());

// --- What only makes sense with a script ---

function button(label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "fr-btn fr-btn--tertiary fr-btn--sm";
  made.textContent = label;
  made.addEventListener("click", () => press(made));
  status.parentElement.append(made);
}

button("Suspendre l’actualisation", (made) => {
  paused = !paused;
  made.textContent = paused ? "Reprendre l’actualisation" : "Suspendre l’actualisation";
  tell(paused ? "Actualisation suspendue" : "");
  now();
});

const screen = document.querySelector("[data-live-screen]");
if (screen && document.fullscreenEnabled) {
  button("Plein écran", () => (document.fullscreenElement ? document.exitFullscreen() : screen.requestFullscreen()));
}

later();
tick();

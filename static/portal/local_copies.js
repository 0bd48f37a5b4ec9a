// Texts that the portal has not acknowledged yet, kept in this browser: `brouillon:<account>:<page>`.
// On every page of someone signed in: what is acknowledged goes, what is too old too, and signing out leaves nothing.

const COPY = "brouillon:";
const THIRTY_DAYS = 30 * 24 * 3600 * 1000;
const copies = () => Object.keys(localStorage).filter((key) => key.startsWith(COPY));

for (const saved of document.querySelectorAll("[data-saved]")) {
  for (const key of copies()) if (key.endsWith(`:${saved.dataset.saved}`)) localStorage.removeItem(key);
}

for (const key of copies()) {
  let at = 0;
  try { at = JSON.parse(localStorage.getItem(key)).at; } catch { /* what cannot be read is of no use to anybody */ }
  if (!(Date.now() - at < THIRTY_DAYS)) localStorage.removeItem(key);
}

const signOut = document.querySelector("form[data-sign-out]");
signOut?.addEventListener("submit", (event) => {
  const mine = copies().filter((key) => key.startsWith(`${COPY}${signOut.dataset.signOut}:`));
  const told = "Un texte n’est pas encore enregistré sur le portail : il n’existe que sur cet ordinateur.\n\nOK : se déconnecter et l’effacer d’ici.\nAnnuler : rester connecté, rouvrir la section et l’enregistrer.";
  if (mine.length && !window.confirm(told)) return event.preventDefault();
  for (const key of mine) localStorage.removeItem(key);
});

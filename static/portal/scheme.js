// Before the first paint: the theme chosen in « Paramètres d’affichage », else the system's. The DSFR takes over later.
{
  const root = document.documentElement;
  const show = (dark) => root.setAttribute("data-fr-theme", dark ? "dark" : "light");

  let scheme = root.getAttribute("data-fr-scheme");
  try {
    scheme = localStorage.getItem("scheme") ?? scheme;
  } catch {
    // The browser keeps nothing: the system's theme is shown.
  }
  show(scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches));

  // Paper is white.
  let dark = false;
  matchMedia("print").addEventListener("change", (paper) => {
    if (paper.matches) dark = root.getAttribute("data-fr-theme") === "dark";
    show(dark && !paper.matches);
  });
}

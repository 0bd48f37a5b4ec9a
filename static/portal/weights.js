// The total of the weights of the criteria, as one types them; without it, saving tells the total.
const weights = () => [...document.querySelectorAll("input[name$='-weight']")];
const dropped = (input) => document.getElementsByName(input.name.replace(/-weight$/, "-DELETE"))[0]?.checked;
const rows = weights().at(-1)?.closest(".portal-fieldset");

if (rows) {
  const said = document.createElement("p");
  said.className = "portal-total";
  said.setAttribute("role", "status");
  const count = () => {
    const kept = weights().filter((input) => !dropped(input));
    const total = kept.reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
    const gap = 100 - total;
    const told = gap > 0 ? `il manque ${gap} %` : gap < 0 ? `${-gap} % de trop` : "le compte est bon";
    said.textContent = `Total des poids : ${total} % – ${told}.`;
    said.classList.toggle("portal-total--wrong", gap !== 0);
  };
  rows.after(said);
  rows.addEventListener("input", count);
  count();
}

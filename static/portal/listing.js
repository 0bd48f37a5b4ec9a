// The list of dossiers: ticks a whole page at once, and says how many boxes are ticked.
const ticks = document.querySelector("[data-ticks]");
const boxes = [...document.querySelectorAll('input[name="reference"][form="actes"]')];
if (ticks && boxes.length) {
  const whole = ticks.querySelector("input");
  const told = ticks.querySelector("[role=status]");
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    whole.checked = count === boxes.length;
    whole.indeterminate = count > 0 && !whole.checked;
    told.textContent = count === 0 ? "" : count === 1 ? "1 dossier coché" : `${count} dossiers cochés`;
  };
  whole.addEventListener("change", () => {
    for (const box of boxes) box.checked = whole.checked;
    tell();
  });
  document.addEventListener("change", (event) => boxes.includes(event.target) && tell());
  ticks.hidden = false;
  tell(); // a browser ticks again what was, when one comes back
}

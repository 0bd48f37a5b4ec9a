// Of a decision, only what goes with the outcome chosen is asked. Without this every field is there, and says what it is.
// What was typed stays in its field if the outcome comes back; what is hidden is not sent.

function follow(form) {
  const parts = [...form.querySelectorAll("[data-goes-with]")];
  const update = () => {
    const chosen = form.querySelector("[name=outcome]:checked");
    for (const part of parts) {
      const asked = chosen !== null && part.dataset.goesWith.split(" ").includes(chosen.value);
      part.disabled = !asked;
      part.closest(".portal-field").hidden = !asked;
    }
  };
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update);
  update();
}

for (const form of document.querySelectorAll("form.portal-form")) follow(form);

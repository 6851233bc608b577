/* A chosen line goes into the box, where it can be changed. Without this script the chosen line is saved as it is. */
(function () {
  "use strict";

  document.addEventListener("change", (event) => {
    const phrase = event.target.closest("[data-phrases] input[name=phrase]");
    if (!phrase) return;
    const at = phrase.value.indexOf(":");
    const form = phrase.form;
    form.elements.line.value = phrase.value.slice(at + 1);
    const category = form.querySelector(`input[name=category][value="${phrase.value.slice(0, at)}"]`);
    if (category) category.checked = true;
    phrase.closest("details").open = false; // the children move up to where the thumb is
  });
})();

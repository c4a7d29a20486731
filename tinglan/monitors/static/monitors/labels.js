// Labels corrected in one click, wherever they are shown.
(() => {
  "use strict";
  const UNDO = 10_000; // ms that the way back is left alone by the refresh which a correction causes
  let asked = null; // the chip whose menu is open
  let correctedAt = -UNDO;

  const all = (selector, part = document) => [...part.querySelectorAll(selector)];

  const correct = (menu, values, field = menu.dataset.field) => {
    const id = asked.dataset.correct;
    menu.hidePopover();
    window.htmx.ajax("POST", `/mentions/${id}/corrections`, {
      target: `#labels-${id}`,
      swap: "outerHTML",
      values: { field, value: values },
    });
  };

  const place = (menu) => {
    const at = asked.getBoundingClientRect();
    const below = at.bottom + 4 + menu.offsetHeight <= window.innerHeight;
    menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - 4 - menu.offsetHeight)}px`;
  };

  const fill = (menu) => {
    const held = asked.dataset.value.split(",");
    for (const choice of all("[data-choose]", menu)) {
      const said = choice.dataset.field ? `${choice.dataset.field}:${choice.dataset.choose}` : choice.dataset.choose;
      choice.setAttribute("aria-checked", String(held.includes(said)));
    }
    for (const box of all("input[type=checkbox]", menu)) box.checked = held.includes(box.value);
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-correct]");
    const choice = event.target.closest("[data-choose]");
    if (chip) asked = chip;
    else if (choice && asked) {
      correct(choice.closest("[popover]"), [choice.dataset.choose], choice.dataset.field);
    }
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".correct-aspects") || !asked) return;
    event.preventDefault();
    correct(event.target, all("input:checked", event.target).map((box) => box.value));
  });

  // Toggle events do not bubble, but they can be caught on their way down.
  document.addEventListener("toggle", (event) => {
    if (event.newState !== "open" || !asked || !event.target.matches(".correct-menu")) return;
    fill(event.target);
    place(event.target);
    (event.target.querySelector('[aria-checked="true"]') || event.target.querySelector("button, input")).focus();
  }, true);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.querySelector(".label-undo")) correctedAt = performance.now();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const isRefresh = event.detail.requestConfig.triggeringEvent?.type.startsWith("sse:");
    const isFresh = performance.now() - correctedAt < UNDO;
    if (isRefresh && isFresh && event.target.querySelector(".label-undo")) event.preventDefault();
  });
})();

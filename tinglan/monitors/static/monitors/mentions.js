// The stream of mentions: labels corrected in one click, rows walked by keyboard.
(() => {
  "use strict";
  let asked = null; // the chip whose menu is open

  const all = (selector, part = document) => [...part.querySelectorAll(selector)];

  const correct = (menu, values) => {
    const id = asked.dataset.correct;
    menu.hidePopover();
    window.htmx.ajax("POST", `/mentions/${id}/corrections`, {
      target: `#labels-${id}`,
      swap: "outerHTML",
      values: { field: menu.dataset.field, value: values },
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
      choice.setAttribute("aria-checked", String(held.includes(choice.dataset.choose)));
    }
    for (const box of all("input[type=checkbox]", menu)) box.checked = held.includes(box.value);
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-correct]");
    const choice = event.target.closest("[data-choose]");
    if (chip) asked = chip;
    else if (choice && asked) correct(choice.closest("[popover]"), [choice.dataset.choose]);
    else if (event.target.closest("[data-more-filters]")) {
      const button = event.target.closest("[data-more-filters]");
      const open = button.form.classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
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

  const walk = (step) => {
    const rows = all("[data-row]");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, button, a, [popover]")) {
      if (!["j", "k"].includes(event.key) || event.target.closest("input, textarea, select")) return;
    }
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "Enter") document.activeElement?.querySelector?.("[data-open]")?.click();
  });
})();

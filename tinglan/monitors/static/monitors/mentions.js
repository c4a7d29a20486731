// The stream of mentions: filters unfolded, rows walked by keyboard.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more-filters]");
    if (!button) return;
    const open = button.form.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
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

// Comfort only: every page works without this file.

// A menu closes when attention leaves it, so that it never covers what is focused next (WCAG 2.4.11).
for (const menu of document.querySelectorAll("details[data-closes]")) {
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// A strip of 1,200 units is one stop of the Tab key; arrows walk inside it. A first tap names the unit, a second opens it.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function rove(cells, from, to) {
  cells[from].tabIndex = -1;
  cells[to].tabIndex = 0;
  cells[to].focus();
}

for (const strip of document.querySelectorAll("[data-strips] .strip-cells")) {
  const cells = [...strip.querySelectorAll(".cell")];
  let touched = null;
  cells.forEach((cell, index) => { cell.tabIndex = index === 0 ? 0 : -1; });
  strip.addEventListener("keydown", (event) => {
    const at = cells.indexOf(event.target);
    const last = cells.length - 1;
    const to = event.key === "Home" ? 0 : event.key === "End" ? last : at + (STEPS[event.key] || 0);
    if (at < 0 || to === at || to < 0 || to > last) return;
    event.preventDefault();
    rove(cells, at, to);
  });
  strip.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (!cell || event.pointerType !== "touch" || touched === cell) return;
    event.preventDefault();
    touched = cell;
    rove(cells, cells.findIndex((one) => one.tabIndex === 0), cells.indexOf(cell));
  });
}

// On a shared machine nothing is remembered by the browser, and a page nobody looks at is left after a quarter of an hour.
const shared = document.querySelector("input[name=shared]");
if (shared) {
  const fields = [...shared.form.querySelectorAll("[autocomplete]")];
  const usual = fields.map((field) => field.autocomplete);
  shared.addEventListener("change", () => {
    fields.forEach((field, index) => { field.autocomplete = shared.checked ? "off" : usual[index]; });
  });
}

const band = document.querySelector("[data-idle-minutes]");
if (band) {
  const wait = (Number(band.dataset.idleMinutes) * 60 + 5) * 1000;
  let timer = null;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace("/"), wait);
  };
  for (const sign of ["keydown", "pointerdown", "scroll"]) addEventListener(sign, begin, { passive: true });
  begin();
}

// What the page does by itself: search, sort, tooltips, and the theme that is remembered. Everything
// else works without it.
/* global document, window, localStorage, addEventListener, requestAnimationFrame */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // -- Theme: the style sheet follows the checked choice; here it is only kept. --------------------
  const remembered = {
    get() {
      try {
        return localStorage.getItem("theme");
      } catch {
        return null; // Storage is not allowed: the choice lasts as long as the page.
      }
    },
    set(value) {
      try {
        localStorage.setItem("theme", value);
      } catch {
        // As above.
      }
    },
  };
  for (const choice of all("input[name=theme]")) {
    if (choice.value === remembered.get()) choice.checked = true;
    choice.addEventListener("change", () => remembered.set(choice.value));
  }

  // -- Search in the resources ----------------------------------------------------------------------
  const field = document.getElementById("search");
  const rows = all("#resource-table tbody tr");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const count = document.getElementById("search-count");
  let asked = 0;
  function search() {
    asked = 0;
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row, index) => {
      const fits = words.every((word) => texts[index].includes(word));
      if (fits) found += 1;
      if (row.hidden === fits) row.hidden = !fits;
    });
    count.textContent =
      words.length === 0 ? `${rows.length} resources` : `${found} of ${rows.length} resources`;
  }
  field?.addEventListener("input", () => {
    if (asked === 0) asked = requestAnimationFrame(search);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    search();
  });

  // -- Sorting ----------------------------------------------------------------------------------------
  for (const label of all("[data-sort]")) {
    const head = label.closest("th");
    const table = head.closest("table");
    const column = [...head.parentElement.children].indexOf(head);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = label.textContent;
    label.replaceWith(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const sorted = [...body.rows]
        .map((row) => ({ row, key: sortKey(row.cells[column], head) }))
        .sort((one, other) => compare(one.key, other.key) * (down ? -1 : 1));
      body.append(...sorted.map(({ row }) => row));
    });
  }
  function sortKey(cell, head) {
    const text = cell.textContent.trim();
    return head.classList.contains("number") ? Number.parseFloat(text.replaceAll(",", "")) : text;
  }
  function compare(one, other) {
    return typeof one === "number" ? one - other : one.localeCompare(other);
  }

  // -- Tooltips of the charts -----------------------------------------------------------------------
  const tip = document.getElementById("tip");
  function show(lines, x, y) {
    const [first, ...others] = lines.split("\n");
    const title = document.createElement("strong");
    title.textContent = first;
    const rest = others.map((line) => {
      const item = document.createElement("span");
      item.textContent = line;
      return item;
    });
    tip.replaceChildren(title, ...rest);
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, x - width / 2), root.clientWidth - width - 8);
    const above = y - height - 14;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${above > 8 ? above : y + 18}px`;
  }
  function hide() {
    tip.hidden = true;
  }
  function showPoint(point) {
    const box = point.querySelector(".dot").getBoundingClientRect();
    show(point.dataset.lines, box.left + box.width / 2, box.top + box.height / 2);
  }

  for (const figure of all("[data-chart]")) {
    const { lines, dots } = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const places = dots[figure.dataset.column];
    const svg = figure.querySelector("svg.chart");
    const points = all(".point", svg);
    svg.addEventListener("pointermove", (event) => {
      const over = event.target.closest(".point");
      if (over) return showPoint(over);
      const matrix = svg.getScreenCTM();
      const x = (event.clientX - matrix.e) / matrix.a;
      const y = (event.clientY - matrix.f) / matrix.d;
      let nearest;
      let least = 12 ** 2;
      for (const place of places) {
        const distance = (place[0] - x) ** 2 + (place[1] - y) ** 2;
        if (distance >= least) continue;
        nearest = place;
        least = distance;
      }
      if (!nearest) return hide();
      const [left, top, index] = nearest;
      show(lines[index], matrix.e + left * matrix.a, matrix.f + top * matrix.d);
    });
    svg.addEventListener("pointerleave", hide);
    points.forEach((point, index) => {
      point.addEventListener("focus", () => showPoint(point));
      point.addEventListener("blur", hide);
      point.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const to = { Home: 0, End: points.length - 1 }[event.key] ?? index + (step ?? NaN);
        if (event.key === "Escape") hide();
        if (!points[to]) return;
        event.preventDefault();
        point.tabIndex = -1;
        points[to].tabIndex = 0;
        points[to].focus();
      });
    });
  }
  // Focus may scroll its point into view: the tooltip goes along. A pointer has left its dot.
  function follow() {
    const point = document.activeElement?.closest(".point");
    if (tip.hidden) return;
    if (point) showPoint(point);
    else hide();
  }
  addEventListener("scroll", follow, { passive: true, capture: true });

  // -- On paper everything is open ------------------------------------------------------------------
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of closed) item.open = false;
  });

  // A link into something closed opens it.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    for (let at = target?.closest("details"); at; at = at.parentElement.closest("details")) {
      at.open = true;
    }
  }
  addEventListener("hashchange", reveal);
  reveal();
})();

// Only in a served page: waits for the server's word that a file changed, loads the page anew, and
// shows which figures are not what they were.
/* global document, EventSource, sessionStorage, window, addEventListener, scrollTo */
"use strict";
(() => {
  const status = document.getElementById("live");
  const say = (text) => {
    status.textContent = text;
  };
  const news = new EventSource("/events");
  let version;
  news.addEventListener("version", ({ data }) => {
    // After a lost connection the server may have gone on without this page.
    if (version !== undefined && version !== data) reload();
    version = data;
    say("Watching the config; this page follows every change.");
  });
  news.addEventListener("working", () => say("A file changed; planning anew …"));
  news.addEventListener("reload", reload);
  news.addEventListener("error", () => say("The server does not answer; trying again."));

  function reload() {
    sessionStorage.setItem("scroll", String(window.scrollY));
    sessionStorage.setItem("open", JSON.stringify(opened()));
    window.location.reload();
  }

  const details = [...document.querySelectorAll("details")];
  const opened = () => details.flatMap((item, index) => (item.open ? [index] : []));

  // -- After a reload: the same place, and what is different ----------------------------------------
  const scroll = sessionStorage.getItem("scroll");
  const open = JSON.parse(sessionStorage.getItem("open") ?? "null");
  sessionStorage.removeItem("scroll");
  sessionStorage.removeItem("open");
  if (open) details.forEach((item, index) => (item.open = open.includes(index)));
  if (scroll !== null) addEventListener("load", () => scrollTo(0, Number(scroll)));

  const figures = [...document.querySelectorAll("[data-figure]")];
  if (figures.length === 0) return;
  const before = JSON.parse(sessionStorage.getItem("figures") ?? "{}");
  const now = {};
  for (const figure of figures) {
    const { figure: name } = figure.dataset;
    now[name] = figure.textContent;
    if (before[name] === undefined || before[name] === now[name]) continue;
    const was = document.createElement("span");
    was.className = "was";
    was.textContent = ` was ${before[name]}`;
    figure.append(was);
  }
  sessionStorage.setItem("figures", JSON.stringify(now));
})();

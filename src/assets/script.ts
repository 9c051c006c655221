/**
 * The script of every page, as the browser gets it. Pages are complete without it. It keeps a page up to date by fetching it
 * again and changing only what differs, so that there is one way to draw a page; and it shows times in the reader's zone.
 */
export const SCRIPT = `"use strict";
(() => {
  const SOONEST_MS = 1000;

  /** Times in the reader's own zone; the page has them in UTC. */
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  function localise(root) {
    for (const time of root.querySelectorAll("time[datetime][data-as]")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) time.textContent = (time.dataset.as === "clock" ? clock : day).format(at);
    }
    const note = root.querySelector("#zone");
    if (note) note.textContent = "Times are in " + zone + ".";
  }

  const keyOf = (node) => (node.nodeType === 1 ? node.id : "");
  const isSame = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
  /** Attributes that the reader changed by using the page. */
  const isReaders = (name, node) => name === "open" && node.nodeName === "DETAILS" && node.dataset.touched === "";

  function morphAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !isReaders(name, from) && name !== "data-touched") from.removeAttribute(name);
    }
    for (const { name, value } of to.attributes) {
      if (from.getAttribute(name) !== value && !isReaders(name, from)) from.setAttribute(name, value);
    }
  }

  /** Makes one element like another, and keeps the nodes that are the same: focus and what is open stay. */
  function morph(from, to) {
    morphAttributes(from, to);
    // Whatever a person is writing stays.
    if (from.matches("input, select, textarea")) return;
    const keyed = new Map([...from.children].filter(keyOf).map((child) => [keyOf(child), child]));
    let at = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const known = keyOf(wanted) ? keyed.get(keyOf(wanted)) : undefined;
      const here = known && isSame(known, wanted) ? known : at && !keyOf(at) && isSame(at, wanted) ? at : null;
      if (here === null) {
        from.insertBefore(wanted, at);
        continue;
      }
      if (here === at) at = at.nextSibling;
      else from.insertBefore(here, at);
      if (here.nodeType === 1) morph(here, wanted);
      else if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
    }
    while (at !== null) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  const say = (text) => {
    const state = document.getElementById("live-state");
    if (state && state.textContent !== text) state.textContent = text;
  };

  let isPaused = false;
  let isAsking = false;
  let isAskedAgain = false;
  async function refresh() {
    if (isPaused || document.hidden) return;
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      localise(page);
      const [from, to] = [document.querySelector("main"), page.querySelector("main")];
      if (!isPaused && from && to) morph(from, to);
      document.title = page.title;
      say("");
    } catch {
      say("Baton does not answer. This page shows the state of before.");
    } finally {
      setTimeout(() => {
        isAsking = false;
        if (!isAskedAgain) return;
        isAskedAgain = false;
        refresh();
      }, SOONEST_MS);
    }
  }

  /** "told": the address of events that tell of changes; else the page is asked again so often. */
  function follow({ told, everyMs }) {
    if (told) {
      const source = new EventSource(told);
      source.addEventListener("changed", refresh);
      source.addEventListener("error", refresh);
    } else setInterval(refresh, Number(everyMs));
    document.addEventListener("visibilitychange", refresh);
    const pause = document.getElementById("pause");
    pause.hidden = false;
    pause.addEventListener("click", () => {
      isPaused = !isPaused;
      pause.setAttribute("aria-pressed", String(isPaused));
      pause.textContent = isPaused ? "Resume updates" : "Pause updates";
      say(isPaused ? "Updates are paused." : "");
      refresh();
    });
  }

  localise(document);
  document.addEventListener("click", (event) => {
    const summary = event.target instanceof Element ? event.target.closest("summary") : null;
    if (summary && summary.parentElement) summary.parentElement.dataset.touched = "";
  });
  const { told, everyMs } = document.body.dataset;
  if (told || everyMs) follow({ told, everyMs });
})();
`;

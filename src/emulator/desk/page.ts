import { html } from "hono/html";
import { createPageFiles } from "../../assets/files.ts";
import type { Agent, Queue } from "../state/state.ts";
import { type DeskPeople, deskConversation } from "./conversation.ts";
import type { DeskConversation } from "./desk.ts";
import { DESK_STYLE } from "./style.ts";

export const deskFiles = createPageFiles("/emulator/desk/files", DESK_STYLE);
/** The emulator is on the reader's own machine. */
const LOOK_EVERY_MS = 1_000;

interface DeskPage extends DeskPeople {
  agent: Agent;
  queues: readonly Queue[];
  listed: readonly DeskConversation[];
  shown: DeskConversation | null;
  withClosed: boolean;
  /** Reason why the last action failed. */
  alert: string | null;
}

/** Builds the URL of the page, with this agent, this conversation and so on. */
export const deskAddress = (query: Record<string, string | undefined>): string => {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/emulator/desk?${new URLSearchParams(given)}`;
};

const option = (value: string, label: string, isSelected: boolean) =>
  isSelected
    ? html`<option value="${value}" selected>${label}</option>`
    : html`<option value="${value}">${label}</option>`;

const STATUSES = ["ACTIVE", "BUSY", "AWAY", "INVISIBLE"] as const;

const heading = ({ agent, agents, shown }: DeskPage) => html`
  <header>
    <div>
      <h1>Desk</h1>
      <p class="faint">An emulator of Infobip Conversations: nobody real is reached.</p>
    </div>
    <form method="get" action="/emulator/desk" class="row">
      ${shown === null ? "" : html`<input type="hidden" name="conversation" value="${shown.id}">`}
      <div><label for="agent">You are</label>
      <select id="agent" name="agent">${agents.map(({ id, displayName, role }) =>
        option(id, role === "SUPERVISOR" ? `${displayName} (supervisor)` : displayName, id === agent.id),
      )}</select></div>
      <button type="submit">Change</button>
    </form>
    <form method="post" action="/emulator/desk/act" class="row">
      <input type="hidden" name="act" value="availability">
      <input type="hidden" name="agent" value="${agent.id}">
      ${shown === null ? "" : html`<input type="hidden" name="conversation" value="${shown.id}">`}
      <div><label for="status">You are now</label>
      <select id="status" name="status">${STATUSES.map((status) => option(status, status.toLowerCase(), status === agent.status))}</select></div>
      <button type="submit">Set</button>
    </form>
    <button type="button" id="pause" aria-pressed="false" hidden>Pause updates</button>
  </header>`;

function list(title: string, those: readonly DeskConversation[], { agent, shown, withClosed }: DeskPage) {
  if (those.length === 0) return html`<h2>${title}</h2><p class="faint small">Nothing waits.</p>`;
  const closed = withClosed ? "1" : undefined;
  return html`<h2>${title} <span class="badge">${those.length}</span></h2>
  <ul>${those.map(({ id, topic, status, priority, agentName }) => {
    const current = id === shown?.id ? html`aria-current="page"` : "";
    return html`<li id="c-${id}"><a href="${deskAddress({ agent: agent.id, conversation: id, closed })}" ${current}>
      ${topic || "No topic"}<br><span class="faint small">${status.toLowerCase()}, ${priority?.toLowerCase()}${agentName === null ? "" : html`, <b>${agentName}</b>`}</span></a></li>`;
  })}</ul>`;
}

function queueLists(page: DeskPage) {
  const { queues, listed, agent, shown, withClosed } = page;
  const known = new Set(queues.map(({ id }) => id));
  const inNone = listed.filter(({ queueId }) => !known.has(queueId ?? ""));
  const [query, label] = withClosed ? [undefined, "Hide closed ones"] : ["1", "Show closed ones"];
  return html`<nav aria-label="Conversations" class="panel">
    ${queues.map(({ id, name }) =>
      list(
        agent.queueIds.includes(id) ? `${name} (yours)` : name,
        listed.filter(({ queueId }) => queueId === id),
        page,
      ),
    )}
    ${inNone.length === 0 ? "" : list("In no queue", inNone, page)}
    <p class="small"><a href="${deskAddress({ agent: agent.id, conversation: shown?.id, closed: query })}">${label}</a></p>
  </nav>`;
}

/** Renders the desk for a person in a browser. It is complete without script. Words of customers and bots are escaped everywhere. */
export const deskPage = (page: DeskPage) => html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${page.shown === null ? "Desk" : `${page.shown.topic || "No topic"} · Desk`}</title>
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${deskFiles.stylePath}">
  <script src="${deskFiles.scriptPath}" defer></script>
</head>
<body data-every-ms="${LOOK_EVERY_MS}">
<a class="skip" href="#content">Skip to the conversations</a>
${heading(page)}
<main id="content" tabindex="-1"><div class="desk">
  ${queueLists(page)}
  <section aria-label="Conversation">
    ${page.alert === null ? "" : html`<p class="notice bad" role="alert">${page.alert}.</p>`}
    ${page.shown === null ? html`<p class="faint">Choose a conversation.</p>` : deskConversation(page.shown, page.agent, page)}
  </section>
</div></main>
<footer><p id="zone">Times are in UTC.</p><p id="live-state" role="status"></p></footer>
</body>
</html>`;

import { html } from "hono/html";
import type { Agent, Bot } from "../state/state.ts";
import type { DeskConversation } from "./desk.ts";
import { AGENTS_KINDS, actForm, button, CUSTOMERS_KINDS, wordsForms } from "./forms.ts";

export interface DeskPeople {
  agents: readonly Agent[];
  bots: readonly Bot[];
}

const textOf = (content: unknown): string => {
  const text = typeof content === "object" && content !== null && "text" in content ? content.text : content;
  return typeof text === "string" ? text : JSON.stringify(text);
};

const statusForm = (id: string, agentId: string, status: string, label: string) =>
  actForm("status", id, agentId, html`<input type="hidden" name="status" value="${status}">${button(label)}`);

/** Renders the actions that this agent can take; the desk itself decides. */
function acts(conversation: DeskConversation, agent: Agent, { agents, bots }: DeskPeople) {
  const { id, status, agentId: holder } = conversation;
  if (status === "CLOSED") return html`<p class="faint">Closed: nothing can be changed any more.</p>`;
  const isOwn = holder === agent.id;
  if (!isTheirs(conversation, agent))
    return html`<div class="row">${actForm("take", id, agent.id, button("Take", true))}</div>`;
  const others = [...agents, ...bots].filter((one) => one.id !== holder);
  return html`
    <div class="row">
      ${isOwn ? "" : actForm("take", id, agent.id, button("Take", true))}
      ${status === "OPEN" ? statusForm(id, agent.id, "WAITING", "Set aside") : statusForm(id, agent.id, "OPEN", "Open again")}
      ${status === "SOLVED" ? "" : statusForm(id, agent.id, "SOLVED", "Solve")}
      ${statusForm(id, agent.id, "CLOSED", "Close")}
      ${holder === null ? "" : actForm("release", id, agent.id, button("Give back to the queue"))}
    </div>
    ${actForm(
      "assign",
      id,
      agent.id,
      html`<div class="row">
        <div><label for="to">Somebody else</label>
        <select id="to" name="to">${others.map((one) => html`<option value="${one.id}">${one.displayName}${"destination" in one ? " (bot)" : ""}</option>`)}</select></div>
        ${button("Assign")}
      </div>`,
    )}`;
}

const isTheirs = ({ agentId }: DeskConversation, agent: Agent): boolean =>
  agentId === agent.id || agent.role === "SUPERVISOR";

/** Renders the forms to write as the agent, and as the customer. */
function words(conversation: DeskConversation, agent: Agent) {
  const { id, status, canBeAnswered } = conversation;
  if (status === "CLOSED") return "";
  const answer = canBeAnswered
    ? wordsForms({
        act: "reply",
        id,
        agentId: agent.id,
        label: `Answer as ${agent.displayName}`,
        name: "Answer",
        kinds: AGENTS_KINDS,
      })
    : html`<p class="faint">You cannot answer yet: the conversation has no message with a channel.</p>`;
  return html`
    ${isTheirs(conversation, agent) ? answer : ""}
    ${wordsForms({
      act: "write",
      id,
      agentId: agent.id,
      label: "Write as the customer",
      name: "Write",
      kinds: CUSTOMERS_KINDS,
    })}`;
}

function facts({ id, shortId, status, priority, agentName, queueName, ...rest }: DeskConversation) {
  const { tags, summary, customer, metadata } = rest;
  return html`
    <p class="faint">No. ${shortId}, ${id}</p>
    <dl>
      <dt>Status</dt><dd>${status}</dd>
      <dt>Priority</dt><dd>${priority}</dd>
      <dt>Queue</dt><dd>${queueName ?? "none"}</dd>
      <dt>Assignee</dt><dd>${agentName ?? "nobody"}</dd>
      <dt>Customer</dt><dd>${customer?.name ?? "has not written"}</dd>
      <dt>Tags</dt><dd>${tags.length === 0 ? "none" : tags.map((tag) => html`<span class="tag">${tag}</span> `)}</dd>
      ${summary ? html`<dt>Summary</dt><dd>${summary}</dd>` : ""}
      ${Object.entries(metadata).map(([name, value]) => html`<dt>${name}</dt><dd>${textOf(value)}</dd>`)}
    </dl>`;
}

function saidIn({ contentType, content }: DeskConversation["messages"][number]) {
  if (contentType === "TEXT") return html`<p>${textOf(content)}</p>`;
  const fields = Object.entries(content ?? {}).filter(([, value]) => typeof value !== "object");
  return html`<dl><dt>${contentType}</dt><dd></dd>${fields.map(([name, value]) => html`<dt>${name}</dt><dd>${String(value)}</dd>`)}</dl>`;
}

/** The script shows it in the reader's zone. */
function clockTime(createdAt: string | null | undefined) {
  const at = Date.parse(createdAt ?? "");
  if (Number.isNaN(at)) return "";
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" data-as="clock">${iso.slice(11, 19)}</time>`;
}

const WHO = { CUSTOMER: "Customer", AGENT: "Agent", BOT: "Bot", SYSTEM: "Platform" } as const;

function messages({ messages: all }: DeskConversation) {
  if (all.length === 0) return html`<p class="faint">None yet.</p>`;
  return html`<ol class="messages">${all.map(
    (message, at) => html`
    <li id="m-${at}" class="${message.direction === "OUTBOUND" ? "out" : ""}">
      <span class="faint small">${WHO[message.authorType as keyof typeof WHO] ?? message.authorType}, ${clockTime(message.createdAt)}</span>
      ${saidIn(message)}
    </li>`,
  )}</ol>`;
}

/** Renders one conversation with all that belongs to it, and its actions. */
export const deskConversation = (conversation: DeskConversation, agent: Agent, people: DeskPeople) => html`
  <h2>${conversation.topic || "No topic"}</h2>
  ${facts(conversation)}
  ${acts(conversation, agent, people)}
  <h3 id="notes">Notes</h3>
  ${
    conversation.notes.length === 0
      ? html`<p class="faint">None.</p>`
      : conversation.notes.map(({ content }, at) => html`<div class="note" id="n-${at}">${textOf(content)}</div>`)
  }
  <h3 id="messages">Messages</h3>
  ${messages(conversation)}
  ${words(conversation, agent)}
  ${actForm("delete", conversation.id, agent.id, html`<div class="row">${button("Delete this conversation")}</div>`)}`;

import { html } from "hono/html";
import { MESSAGE_TEXT_MAX } from "../conversations/schema.ts";
import type { DeskConversation } from "./desk.ts";
import type { Agent, Bot } from "./state.ts";

export interface DeskPeople {
  agents: readonly Agent[];
  bots: readonly Bot[];
}

const textOf = (content: unknown): string => {
  const text = typeof content === "object" && content !== null && "text" in content ? content.text : content;
  return typeof text === "string" ? text : JSON.stringify(text);
};

/** A form of one act in one conversation. */
const actForm = (act: string, id: string, agentId: string, inside: unknown) => html`
  <form method="post" action="/emulator/desk/act">
    <input type="hidden" name="act" value="${act}">
    <input type="hidden" name="conversation" value="${id}">
    <input type="hidden" name="agent" value="${agentId}">
    ${inside}
  </form>`;

const button = (label: string, isFirst = false) => html`<button class="${isFirst ? "first" : ""}">${label}</button>`;

const statusForm = (id: string, agentId: string, status: string, label: string) =>
  actForm("status", id, agentId, html`<input type="hidden" name="status" value="${status}">${button(label)}`);

/** What this agent can do with it; the desk itself has the last word. */
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

/** What can be said, by the agent and in the customer's place. */
function words(conversation: DeskConversation, agent: Agent) {
  const { id, status } = conversation;
  if (status === "CLOSED") return "";
  const form = (act: string, label: string, name: string, isFirst: boolean) =>
    actForm(
      act,
      id,
      agent.id,
      html`<label for="${act}">${label}</label>
      <textarea id="${act}" name="text" rows="3" maxlength="${MESSAGE_TEXT_MAX}" required></textarea>
      <div class="row">${button(name, isFirst)}</div>`,
    );
  return html`
    ${isTheirs(conversation, agent) ? form("reply", `Answer as ${agent.displayName}`, "Answer", true) : ""}
    ${form("write", "Write as the customer", "Write", false)}`;
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
      <dt>Tags</dt><dd>${tags.length === 0 ? "none" : tags.map((tag) => html`<span class="tag">${tag}</span>`)}</dd>
      ${summary ? html`<dt>Summary</dt><dd>${summary}</dd>` : ""}
      ${Object.entries(metadata).map(([name, value]) => html`<dt>${name}</dt><dd>${textOf(value)}</dd>`)}
    </dl>`;
}

const WHO = { CUSTOMER: "Customer", AGENT: "Agent", BOT: "Bot", SYSTEM: "Platform" } as const;

function messages({ messages: all }: DeskConversation) {
  if (all.length === 0) return html`<p class="faint">None yet.</p>`;
  return html`<ol class="messages">${all.map(
    ({ direction, authorType, content, createdAt }) => html`
    <li class="${direction === "OUTBOUND" ? "out" : ""}">
      <span class="faint">${WHO[authorType as keyof typeof WHO] ?? authorType}, ${createdAt?.slice(11, 16)}</span>
      <p>${textOf(content)}</p>
    </li>`,
  )}</ol>`;
}

/** One conversation with all that belongs to it, and what can be done with it. */
export const deskConversation = (conversation: DeskConversation, agent: Agent, people: DeskPeople) => html`
  <h2>${conversation.topic || "No topic"}</h2>
  ${facts(conversation)}
  ${acts(conversation, agent, people)}
  <h3>Notes</h3>
  ${
    conversation.notes.length === 0
      ? html`<p class="faint">None.</p>`
      : conversation.notes.map(({ content }) => html`<div class="note">${textOf(content)}</div>`)
  }
  <h3>Messages</h3>
  ${messages(conversation)}
  ${words(conversation, agent)}
  ${actForm("delete", conversation.id, agent.id, html`<div class="row">${button("Delete this conversation")}</div>`)}`;

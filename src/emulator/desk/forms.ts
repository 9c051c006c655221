import { html } from "hono/html";
import { MESSAGE_TEXT_MAX } from "../../infobip/schema.ts";

/** Renders the form of one act in one conversation. */
export const actForm = (act: string, id: string, agentId: string, inside: unknown) => html`
  <form method="post" action="/emulator/desk/act">
    <input type="hidden" name="act" value="${act}">
    <input type="hidden" name="conversation" value="${id}">
    <input type="hidden" name="agent" value="${agentId}">
    ${inside}
  </form>`;

export const button = (label: string, isFirst = false) =>
  html`<button type="submit"${isFirst ? html` class="first"` : ""}>${label}</button>`;

interface Field {
  name: string;
  label: string;
  type: "text" | "url" | "number";
  isRequired: boolean;
}
/** Kinds of messages beside texts. Each has a form of its own, since the page has no script. */
interface Kind {
  kind: string;
  label: string;
  fields: readonly Field[];
}

const field = (name: string, label: string, type: Field["type"] = "text", isRequired = true): Field => ({
  name,
  label,
  type,
  isRequired,
});
const file = (kind: string, label: string): Kind => ({
  kind,
  label,
  fields: [field("url", "Address", "url"), field("text", "Caption", "text", false)],
});
export const AGENTS_KINDS: readonly Kind[] = [
  file("image", "Image"),
  file("document", "Document"),
  {
    kind: "location",
    label: "Place",
    fields: [
      field("latitude", "Latitude", "number"),
      field("longitude", "Longitude", "number"),
      field("text", "Name", "text", false),
    ],
  },
];
export const CUSTOMERS_KINDS: readonly Kind[] = [
  { kind: "button", label: "Button", fields: [field("text", "Its words"), field("payload", "Payload", "text", false)] },
  ...AGENTS_KINDS,
  { kind: "email", label: "E-mail", fields: [field("subject", "Subject", "text", false), field("text", "Words")] },
];

const input = (id: string, { name, label, type, isRequired }: Field) => html`<div><label for="${id}">${label}</label>
  <input id="${id}" name="${name}" type="${type}" ${type === "number" ? html`step="any"` : ""} ${isRequired ? "required" : ""}></div>`;

interface WordsForms {
  act: "reply" | "write";
  id: string;
  agentId: string;
  label: string;
  /** Label of the button. */
  name: string;
  kinds: readonly Kind[];
}

/** Renders the form for a text, with the forms for other kinds folded away. */
export const wordsForms = ({ act, id, agentId, label, name, kinds }: WordsForms) => html`
  ${actForm(
    act,
    id,
    agentId,
    html`<label for="${act}">${label}</label>
    <textarea id="${act}" name="text" rows="3" maxlength="${MESSAGE_TEXT_MAX}" required></textarea>
    <div class="row">${button(name, act === "reply")}</div>`,
  )}
  <details><summary>${act === "reply" ? "Send a file or a place" : "Press a button, send a file, a place or an e-mail"}</summary>
  ${kinds.map((one) =>
    actForm(
      act,
      id,
      agentId,
      html`<input type="hidden" name="kind" value="${one.kind}">
      <div class="row">${one.fields.map((it) => input(`${act}-${one.kind}-${it.name}`, it))}${button(one.label)}</div>`,
    ),
  )}
  </details>`;

/** Parts that several pages are made of. */
import { html } from "hono/html";
import type { Handoff, HandoffState } from "../model/handoff.ts";
import { counted } from "./format.ts";
import type { Html } from "./page.ts";

export type Tone = "good" | "warn" | "bad" | "";

export const badge = (text: string, tone: Tone = ""): Html => html`<span class="badge ${tone}">${text}</span>`;

const TONES: Record<HandoffState, Tone> = {
  pending: "warn",
  deferred: "",
  routed: "warn",
  assigned: "good",
  returned: "",
  parked: "bad",
  cancelled: "",
};
export const stateBadge = ({ state, alertedAt }: Pick<Handoff, "state" | "alertedAt">): Html =>
  alertedAt !== null && (state === "pending" || state === "routed")
    ? html`${badge(state, TONES[state])} ${badge("late", "bad")}`
    : badge(state, TONES[state]);

/** A table whose rows become cards on a phone. The roles keep it a table there. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly { id?: string; cells: readonly unknown[] }[],
): Html {
  return html`<table role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(({ id, cells }) => {
    const named = id === undefined ? "" : html` id="${id}"`;
    return html`<tr role="row"${named}>${cells.map((cell, at) => html`<td role="cell" data-label="${columns[at] ?? ""}"><div>${cell}</div></td>`)}</tr>`;
  })}</tbody></table>`;
}

/** Facts by name; those without a value are left out. */
export const facts = (all: readonly (readonly [name: string, value: unknown])[]): Html =>
  html`<dl>${all
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

export const notice = (text: unknown, tone: Tone = ""): Html => html`<p class="notice ${tone}">${text}</p>`;

/** An address with those fields of a query that are given. */
export function addressOf(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => (pair[1] ?? "") !== "");
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export function select(
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string | undefined,
): Html {
  return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
    ([value, text]) =>
      value === (chosen ?? "")
        ? html`<option value="${value}" selected>${text}</option>`
        : html`<option value="${value}">${text}</option>`,
  )}</select></div>`;
}

const BAR = { width: 8, gap: 2, height: 40 } as const;
/** Small bars, one for each stretch of time. */
export function barChart(label: string, values: readonly number[]): Html {
  const most = Math.max(1, ...values);
  const width = values.length * (BAR.width + BAR.gap);
  const text = `${label}: ${counted(
    values.reduce((sum, it) => sum + it, 0),
    "in all",
    "in all",
  )}, at most ${Math.max(0, ...values)} in one bar`;
  return html`<svg class="chart" role="img" aria-label="${text}" viewBox="0 0 ${width} ${BAR.height + 2}" preserveAspectRatio="none">
<rect class="base" x="0" y="${BAR.height}" width="${width}" height="1"></rect>${values.map((value, at) => {
    const height = value === 0 ? 0 : Math.max(2, Math.round((value / most) * BAR.height));
    return html`<rect x="${at * (BAR.width + BAR.gap)}" y="${BAR.height - height}" width="${BAR.width}" height="${height}"></rect>`;
  })}</svg>`;
}

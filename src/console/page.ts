/** Pages as HTML. Whatever others wrote is escaped wherever it stands: `html` does that with every value. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { createPageFiles, PAGE_POLICY } from "../assets/files.ts";
import { STYLE } from "../assets/style.ts";
import type { ConsoleContext } from "./environment.ts";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const consoleFiles = createPageFiles("/console/files", STYLE);
const POLL_MS = 5_000;
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": PAGE_POLICY,
  // Forms of ours send their origin, and links to elsewhere nothing.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const SECTIONS: readonly [path: string, name: string][] = [
  ["/console", "Now"],
  ["/console/handoffs", "Handoffs"],
  ["/console/sessions", "Sessions"],
  ["/console/flows", "Flows"],
  ["/console/dry-run", "Dry run"],
  ["/console/faults", "Faults"],
  ["/console/audit", "Audit"],
];

const document = (title: string, body: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Baton</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${consoleFiles.stylePath}">
<script src="${consoleFiles.scriptPath}" defer></script>
</head>
${body}
</html>`;

/** A page for somebody who is not signed in. */
export const barePage = (title: string, content: Html): Html =>
  document(title, html`<body><main class="bare">${content}</main></body>`);

export interface PageOptions {
  title: string;
  /** The section that it is in. */
  section: string;
  content: Html;
  /** False: a person is filling something in, or what it shows does not change. */
  isLive?: boolean;
}

/** Way in which its pages learn of changes: the service pushes them, or the page asks again. */
export type LiveKind = "told" | "polled";

const LIVE: Record<LiveKind, Html> = {
  told: html` data-told="/console/live"`,
  polled: html` data-every-ms="${POLL_MS}"`,
};

const navigation = (section: string): Html =>
  html`<nav aria-label="Sections"><ul>${SECTIONS.map(([path, name]) => {
    const current = path === section ? html` aria-current="page"` : "";
    return html`<li><a href="${path}"${current}>${name}</a></li>`;
  })}</ul></nav>`;

export function consolePage(c: ConsoleContext, live: LiveKind, page: PageOptions): Html {
  const { name, mayAct } = c.get("operator");
  const { title, section, content, isLive = true } = page;
  return document(
    title,
    html`<body${isLive ? LIVE[live] : ""}>
<a class="skip" href="#content">Skip to the content</a>
<header>
  <p class="brand"><a href="/console">Baton</a></p>
  ${navigation(section)}
  <div class="who">
    <button type="button" id="pause" aria-pressed="false" hidden>Pause updates</button>
    <form method="post" action="/console/sign-out"><span>${name}${mayAct ? "" : " (may look only)"}</span>
    <button type="submit">Sign out</button></form>
  </div>
</header>
<main id="content" tabindex="-1">${content}</main>
<footer><p id="zone">Times are in UTC.</p><p id="live-state" role="status"></p></footer>
</body>`,
  );
}

export type Status = 200 | 400 | 401 | 403 | 404 | 405 | 409 | 422 | 429 | 500 | 503;

export async function sendPage(
  c: ConsoleContext,
  page: Html,
  status: Status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = { ...c.env.outer.get("headers"), ...PAGE_HEADERS, ...headers };
  return new Response(String(await page), { status, headers: all });
}

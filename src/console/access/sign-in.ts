/** Signing in with an operator's token, and out. */
import { html } from "hono/html";
import { createRecogniseOperator } from "../../http/access/recognise-operator.ts";
import { peerOf } from "../../http/access/refusals.ts";
import type { ConsoleContext, ConsoleDeps } from "../environment.ts";
import { readForm } from "../form.ts";
import { barePage, type Html, sendPage } from "../page.ts";
import { createSessionCookie, endSessionCookie } from "./session-cookie.ts";

/** Only an address of the console is gone back to. */
const OWN_PATH = /^\/console(?:\/[\w/.~%-]*)?(?:\?[\w=&%.~+-]*)?$/;
const HOME = "/console";
const ownPath = (path: string | undefined): string => (path !== undefined && OWN_PATH.test(path) ? path : HOME);

const signInForm = (to: string, problem: string | null): Html => html`
<form method="post" action="/console/sign-in" class="panel stack">
  <h1>Sign in to Baton</h1>
  ${problem === null ? "" : html`<p class="notice bad" role="alert">${problem}</p>`}
  <input type="hidden" name="to" value="${to}">
  <div><label for="token">Your operator token</label>
  <input id="token" name="token" type="password" autocomplete="current-password" required autofocus></div>
  <p class="faint">It is the token that OPERATOR_TOKENS gives to your name. You stay signed in for 12 hours.</p>
  <div><button class="first" type="submit">Sign in</button></div>
</form>`;

function pathOf(address: string | undefined): string | undefined {
  const url = URL.parse(address ?? "");
  // It says what an earlier act did.
  url?.searchParams.delete("done");
  return url === null ? undefined : url.pathname + url.search;
}

const send = (c: ConsoleContext, to: string | undefined, problem: string | null, status: 401 | 429, headers = {}) =>
  sendPage(c, barePage("Sign in", signInForm(ownPath(to), problem)), status, headers);

/** The page in place of the one that was asked for. An act leads back to the page of its button. */
export function sendSignIn(c: ConsoleContext) {
  if (c.req.method !== "GET")
    return send(c, pathOf(c.req.header("referer")), "You are no longer signed in, so nothing was done.", 401);
  // A link in somebody's mail leads here without the cookie: a second request, by our own page, has it.
  const isLed = c.req.header("sec-fetch-site") === "cross-site";
  return send(c, pathOf(c.req.url), null, 401, isLed ? { refresh: "0" } : {});
}

export function createSignIn({ operators, audit, refusals, readBody, now, log }: ConsoleDeps) {
  const recognise = createRecogniseOperator(operators);
  return {
    async signIn(c: ConsoleContext): Promise<Response> {
      const { outer } = c.env;
      const form = await readForm(readBody, outer, false);
      const to = form.get("to") ?? undefined;
      const operator = recognise(`Bearer ${form.get("token")?.trim() ?? ""}`);
      const requestId = outer.get("requestId");
      if (operator === null) {
        const about = { name: null, peer: peerOf(outer), reason: "wrong-credentials", requestId };
        const wait = refusals.refuse({ surface: "operator", ...about });
        if (wait === null) return send(c, to, "This is no operator's token. Check that it was copied whole.", 401);
        return send(c, to, `Too many wrong tokens came from here. Wait ${wait} s, then try again.`, 429);
      }
      const act = { operator: operator.name, act: "sign-in", bot: null, handoffId: null, callbackId: null, requestId };
      await audit.end(await audit.begin({ at: now(), ...act }), "done");
      log.info({ operator: operator.name, act: "sign-in", outcome: "done", requestId }, "an operator acted");
      const headers = { "set-cookie": createSessionCookie(c.req.raw, operator, now()) };
      return new Response(null, {
        status: 303,
        headers: { ...outer.get("headers"), ...headers, location: ownPath(to) },
      });
    },
    signOut(c: ConsoleContext): Response {
      const headers = { "set-cookie": endSessionCookie(c.req.raw), location: HOME };
      return new Response(null, { status: 303, headers: { ...c.env.outer.get("headers"), ...headers } });
    },
  };
}

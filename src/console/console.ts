/** The console: pages for operators in a browser, over what the HTTP interface asks of the core. */
import { Hono } from "hono";
import { html } from "hono/html";
import { getPathNoStrict } from "hono/utils/url";
import type { ConsoleDeps as Deps, ServeConsole } from "../http/access/console-door.ts";
import { isStorageFailure } from "../store/storage-error.ts";
import { isFromOwnPage } from "./access/same-origin.ts";
import { operatorOfCookie } from "./access/session-cookie.ts";
import { createSignIn, sendSignIn } from "./access/sign-in.ts";
import type { ConsoleEnv } from "./environment.ts";
import { barePage, consoleFiles, sendPage } from "./page.ts";
import { registerPages } from "./pages/register-pages.ts";

const LOOKS = new Set(["GET", "HEAD"]);

const message = (title: string, text: string) =>
  barePage(
    title,
    html`<div class="panel stack"><h1>${title}</h1><p>${text}</p><p><a href="/console">Go to Now</a></p></div>`,
  );

export function createConsole(deps: Deps): ServeConsole {
  const app = new Hono<ConsoleEnv>({ getPath: getPathNoStrict });
  const { signIn, signOut } = createSignIn(deps);

  app.notFound((c) => sendPage(c, message("There is no such page", "The address may have a slip in it."), 404));
  app.onError((err, c) => {
    const requestId = c.env.outer.get("requestId");
    if (isStorageFailure(err)) {
      return sendPage(
        c,
        message("The record cannot be read now", "Try again in a moment. Baton's log says what is wrong."),
        503,
      );
    }
    deps.log.error({ requestId, method: c.req.method, err }, "a page of the console failed");
    const text = `Baton's log has the reason, at request ${requestId}.`;
    return sendPage(c, message("This page could not be made", text), 500);
  });

  app.get("/console/files/:file", (c) => consoleFiles.read(c.req.param("file")) ?? c.notFound());
  app.use("/console/*", async (c, next) => {
    if (!LOOKS.has(c.req.method) && !isFromOwnPage(c.req.raw)) {
      return sendPage(
        c,
        message("This was not sent by a page of the console", "Nothing was done. Go back and try again."),
        403,
      );
    }
    if (c.req.method === "POST" && c.req.path === "/console/sign-in") return signIn(c);
    const operator = operatorOfCookie(c.req.raw.headers.get("cookie"), deps.operators, deps.now());
    if (operator === null) return sendSignIn(c);
    c.set("operator", operator);
    return next();
  });
  app.post("/console/sign-out", signOut);
  app.get("/console/sign-in", (c) => c.redirect("/console", 303));
  registerPages(app, deps);
  return (outer) => app.fetch(outer.req.raw, { outer });
}

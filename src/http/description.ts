/** Serves the OpenAPI document, and a page that shows it if its files are at hand. */
import { type Context, Hono } from "hono";
import type { Source } from "../events/source.ts";
import { type Env, json } from "./answer.ts";
import { ANY } from "./methods.ts";
import { problem } from "./problem.ts";

/** Builds the document from the routes and sources that exist. */
export type Describe = (there: {
  routes: readonly { method: string; path: string }[];
  sources: ReadonlyMap<string, Source>;
}) => Promise<object>;

/** Reads a file of the page; null: the page has no file of that name. */
export type ReadPageFile = (name: string) => Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | null>;

interface DescriptionDeps {
  describe: Describe;
  readPageFile?: ReadPageFile | undefined;
  sources: ReadonlyMap<string, Source>;
  /** Returns the routes of the whole interface. */
  routesOf: () => Hono<Env>["routes"];
}

/** The page loads nothing from elsewhere, and has no inline script or style. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function descriptionRoutes({ describe, readPageFile, sources, routesOf }: DescriptionDeps): Hono<Env> {
  const app = new Hono<Env>();
  let document: object | undefined;

  app.get("/openapi.json", async (c) => {
    document ??= await describe({ routes: routesOf().filter(({ method }) => method !== ANY), sources });
    return json(c, document);
  });
  if (readPageFile === undefined) return app;

  const showFile = async (c: Context<Env>, name: string): Promise<Response> => {
    const file = await readPageFile(name);
    if (file === null) return problem(c, { kind: "not-found" });
    const headers = { ...c.get("headers"), "content-type": file.type, "content-security-policy": PAGE_POLICY };
    return new Response(file.bytes, { headers });
  };
  app.get("/docs", (c) => showFile(c, "index.html"));
  app.get("/docs/:file", (c) => showFile(c, c.req.param("file")));
  return app;
}

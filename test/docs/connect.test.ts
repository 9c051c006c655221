import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../src/events/sources.ts";
import { readCurl } from "../support/curl.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";
import { environments } from "./environments.ts";

const PAGES = resolve(import.meta.dirname, "../../docs/connect");
/** These pages describe Baton's setup and its answers in general: they have nothing to run. */
const WITHOUT_A_SERVICE = ["account.md"];
const pages = readdirSync(PAGES).filter((name) => !WITHOUT_A_SERVICE.includes(name));

interface Block {
  language: string;
  text: string;
}
const blocksOf = (page: string): Block[] =>
  [...readFileSync(join(PAGES, page), "utf8").matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => ({ language: language.trim(), text }),
  );

/** Parses a record of Power Fx whose values are texts and variables. */
const fromPowerFx = (text: string): string =>
  text.replace(
    /(\w+): ("[^"]*"|[A-Z][\w.]*)/g,
    (_, name, value: string) => `"${name}": ${value.startsWith('"') ? value : '"filled"'}`,
  );

const IDS = new Set(["handoffId", "conversationId", "id", "baton_conversation", "handoff_id"]);
/** Makes every id the same, since ids differ from run to run. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, it: unknown) => (IDS.has(key) && typeof it === "string" ? "id" : it));

describe("the guides to connect a bot", () => {
  it("are there for each source", () => {
    const own = [...sources.keys()].filter((name) => name !== "baton").map((name) => `${name}.md`);
    expect(own.filter((name) => !pages.includes(name))).toEqual([]);
  });

  it.each(pages)("%s: its calls are answered as it says", async (page) => {
    const door = await createServedDoor();
    const blocks = blocksOf(page);
    for (const [index, { language, text }] of blocks.entries()) {
      if (language !== "" || !text.startsWith("curl ")) continue;
      const { url, method, headers, body } = readCurl(text);
      const address = url.replace("http://127.0.0.1:8787", door.url);
      const answer = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
      const said: unknown = await answer.json();
      expect([answer.ok, answer.status], JSON.stringify(said)).toEqual([true, answer.status]);
      const next = blocks[index + 1];
      if (next?.language === "json") expect(withoutIds(said)).toEqual(withoutIds(JSON.parse(next.text)));
    }
  });

  it.each(pages)("%s: a body to paste hands over, once its variables are filled", async (page) => {
    for (const { language, text } of blocksOf(page)) {
      const [, form = "", source = ""] = /^(json|powerfx) to ([a-z-]+)$/.exec(language) ?? [];
      if (source === "") continue;
      const door = await createServedDoor();
      const body = (form === "powerfx" ? fromPowerFx(text) : text).replace(
        /\{\{[^{}]*\}\}|\$\{[^{}]*\}|(?<=")\{[\w.]+\}(?=")/g,
        "filled",
      );
      const to = source === "handoffs" ? "handoffs" : `webhooks/${source}`;
      const answer = await fetch(`${door.url}/v1/bots/shop-assistant/${to}`, {
        method: "POST",
        headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
        body,
      });
      expect([answer.ok, await answer.text()]).toEqual([true, expect.stringContaining("queue")]);
    }
  });

  it.each(pages)("%s: its code runs", async (page) => {
    const codes = blocksOf(page).filter(({ language }) => language === "js");
    for (const { text } of codes) {
      const door = await createServedDoor();
      const environment = environments[page]?.();
      if (environment === undefined) throw new Error(`nothing says how to run the code of ${page}`);
      const { values, check } = environment;
      const code = text
        .replaceAll("https://your-host", door.url)
        .replaceAll("{bot}", "shop-assistant")
        .replace(/^import .*\n/gm, "");
      // A guide's code is the body of a function. Its arguments are the framework's variables, and its imports.
      const run = new Function(...Object.keys(values), `return (async () => {\n${code}\n})();`);
      await run(...Object.values(values));
      await check();
      expect(door.conversations()).toHaveLength(1);
    }
  });

  it.each(pages)("%s names only addresses that there are", (page) => {
    const named = [...readFileSync(join(PAGES, page), "utf8").matchAll(/\/webhooks\/([a-z-]+)/g)];
    expect(named.map(([, name = ""]) => name).filter((name) => !sources.has(name))).toEqual([]);
  });
});

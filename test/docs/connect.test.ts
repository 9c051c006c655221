import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../src/events/sources.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";
import { environments } from "./environments.ts";
import { blocksOf, makeCalls } from "./page.ts";

const PAGES = resolve(import.meta.dirname, "../../docs/connect");
/** These pages describe Baton's setup and its answers in general: they have nothing to run. */
const WITHOUT_A_SERVICE = ["account.md"];
const pages = readdirSync(PAGES).filter((name) => !WITHOUT_A_SERVICE.includes(name));

/** Parses a record of Power Fx whose values are texts and variables. */
const fromPowerFx = (text: string): string =>
  text.replace(
    /(\w+): ("[^"]*"|[A-Z][\w.]*)/g,
    (_, name, value: string) => `"${name}": ${value.startsWith('"') ? value : '"filled"'}`,
  );

describe("the guides to connect a bot", () => {
  it("are there for each source", () => {
    const own = [...sources.keys()].filter((name) => name !== "baton").map((name) => `${name}.md`);
    expect(own.filter((name) => !pages.includes(name))).toEqual([]);
  });

  it.each(pages)("%s: its calls are answered as it says", async (page) => {
    const door = await createServedDoor();
    await makeCalls(join(PAGES, page), door.url);
  });

  it.each(pages)("%s: a body to paste hands over, once its variables are filled", async (page) => {
    let door: Awaited<ReturnType<typeof createServedDoor>> | undefined;
    for (const { language, text } of blocksOf(join(PAGES, page))) {
      const [, form = "", source = "", then] = /^(json|powerfx) to ([a-z-]+)( then)?$/.exec(language) ?? [];
      if (source === "") continue;
      const isLater = then !== undefined;
      const here = isLater && door !== undefined ? door : await createServedDoor();
      door = here;
      const body = (form === "powerfx" ? fromPowerFx(text) : text).replace(
        /\{\{[^{}]*\}\}|\$\{[^{}]*\}|(?<=")\{[\w.]+\}(?=")/g,
        "filled",
      );
      const to = source === "handoffs" ? "handoffs" : `webhooks/${source}`;
      const post = async (): Promise<unknown> => {
        const answer = await fetch(`${here.url}/v1/bots/shop-assistant/${to}`, {
          method: "POST",
          headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
          body,
        });
        expect(answer.ok, page).toBe(true);
        return answer.json();
      };
      expect(JSON.stringify(await post())).toContain("queue");
      if (!isLater) continue;
      expect(here.conversations()).toHaveLength(1);
      await here.take();
      expect(await post()).toMatchObject({ control: "agent" });
      await here.finish();
      expect(await post()).toMatchObject({ control: "bot" });
    }
  });

  it.each(pages)("%s: its code runs", async (page) => {
    const codes = blocksOf(join(PAGES, page)).filter(({ language }) => language === "js");
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

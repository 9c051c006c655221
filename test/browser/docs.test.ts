import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { type NodeService, startService } from "../../src/node.ts";
import { hasBrowser, startBrowser } from "./browser.ts";

describe.skipIf(!hasBrowser)("the page that shows the interface", () => {
  let service: NodeService;
  let browser: Browser;
  beforeAll(async () => {
    const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
    if (!config.ok) throw new Error(config.error.join());
    [service, browser] = await Promise.all([startService(config.value, flows), startBrowser()]);
    return async () => {
      await browser.close();
      await service.stop();
    };
  });

  it("shows every operation from files of our own, under a policy that lets no other run", async () => {
    const page = await browser.newPage();
    const faults: string[] = [];
    const hosts = new Set<string>();
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("request", (request) => request.url().startsWith("data:") || hosts.add(new URL(request.url()).origin));
    const answer = await page.goto(`${service.url}/docs/`);
    expect(answer?.headers()["content-security-policy"]).not.toContain("unsafe");
    await page.getByText("Ask for a person now").waitFor();
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: object };
    const operations = Object.values(document.paths).flatMap((item: object) => Object.keys(item));
    // The page also shows the callbacks to bots.
    expect(await page.locator(".opblock").count()).toBeGreaterThanOrEqual(operations.length);
    await page.locator("#operations-Bots-requestHandoff button.opblock-summary-control").click();
    await page.getByText("Two shirts of order A-7").first().waitFor();
    const { SCREENSHOT } = process.env;
    if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT });
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([service.url]);
    await page.close();
  });

  it("has no other file than its own", async () => {
    expect((await fetch(`${service.url}/docs/package.json`)).status).toBe(404);
    expect((await fetch(`${service.url}/docs/..%2f..%2fpackage.json`)).status).toBe(404);
  });
});

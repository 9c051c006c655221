import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EmulatorServer, startEmulator } from "../../src/node.ts";
import { hasBrowser, startBrowser } from "./browser.ts";

const HOSTILE = `Order 7 <script>document.title = "run"</script> "><img src=x onerror="document.title='run'">`;

describe.skipIf(!hasBrowser)("the desk in a browser", () => {
  let server: EmulatorServer;
  let browser: Browser;
  let page: Page;
  let id: string;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startEmulator(0), startBrowser()]);
    return async () => {
      await browser.close();
      await server.stop();
    };
  });
  beforeEach(async () => {
    const call = async (path: string, body?: object) => {
      const init = { method: "POST", headers: { authorization: "App k" }, ...(body && { body: JSON.stringify(body) }) };
      return (await (await fetch(`${server.url}/ccaas/1${path}`, init)).json()) as { id: string };
    };
    ({ id } = await call("/conversations", { topic: HOSTILE }));
    await call(`/conversations/${id}/tags`, { tagName: "customer_asked" });
    await call(`/conversations/${id}/notes`, { content: `Asked for a person: ${HOSTILE}` });
    await call(`/conversations/${id}/route`);
    server.emulator.desk.write(id, { text: HOSTILE, name: HOSTILE });
    page = await browser.newPage();
    await page.goto(`${server.url}/emulator/desk`);
    return () => page.close();
  });
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const conversation = () => server.emulator.state.conversations.get(id);

  it("lets a person take, answer, solve, open again and close what a bot handed over", async () => {
    await page.getByLabel("You are", { exact: true }).selectOption({ label: "Luka Babic" });
    await press("Change");
    await page.getByRole("navigation").getByRole("link", { name: "Order 7" }).first().click();
    await page.getByText("Asked for a person").waitFor();
    await press("Take");
    await page.getByLabel("Answer as Luka Babic").fill("One moment.\nI look.");
    await press("Answer");
    await page.getByText("I look.").waitFor();
    await page.getByLabel("Write as the customer").fill("Thank you");
    await press("Write");
    await press("Solve");
    expect(conversation()?.status).toBe("SOLVED");
    await press("Open again");
    await press("Close");
    await page.getByText("nothing can be changed any more").waitFor();
    expect(conversation()).toMatchObject({
      status: "CLOSED",
      agentId: [...server.emulator.state.agents.values()].find(({ displayName }) => displayName === "Luka Babic")?.id,
      messages: [{}, { direction: "OUTBOUND", content: { text: "One moment.\nI look." } }, { direction: "INBOUND" }],
    });
  });

  it("shows what others wrote as they wrote it, and runs none of it", async () => {
    await page.goto(`${server.url}/emulator/desk?conversation=${id}`);
    const shown = page.getByRole("region", { name: "Conversation", exact: true });
    expect(await shown.getByRole("heading", { level: 2 }).textContent()).toBe(HOSTILE);
    expect(await page.title()).toBe(`${HOSTILE} · Desk`);
    expect(await page.locator("script:not([src]), img").count()).toBe(0);
  });

  it("shows what happens while one looks, and keeps what one is writing", async () => {
    await page.goto(`${server.url}/emulator/desk?conversation=${id}`);
    const field = page.getByLabel("Write as the customer");
    await field.fill("I was just");
    server.emulator.desk.write(id, { text: "It came in the meantime" });
    await page.getByText("It came in the meantime").waitFor();
    expect(await field.inputValue()).toBe("I was just");
    expect(await field.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true);
    await press("Pause updates");
    server.emulator.desk.write(id, { text: "It came too late" });
    await page.waitForTimeout(1_500);
    expect(await page.getByText("It came too late").count()).toBe(0);
    await press("Resume updates");
    await page.getByText("It came too late").waitFor();
  });

  it.each(["light", "dark"] as const)("is a page that everybody can use, in %s", async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: "reduce" });
    const shown = await context.newPage();
    const answer = await shown.goto(`${server.url}/emulator/desk?conversation=${id}`);
    expect(answer?.headers()["content-security-policy"]).not.toContain("unsafe");
    const { violations } = await new AxeBuilder({ page: shown }).setLegacyMode().analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await context.close();
  });

  it("has a name for everything that can be filled in or pressed, and fits on a phone", async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    await page.goto(
      `${server.url}/emulator/desk?conversation=${id}&agent=${[...server.emulator.state.agents.keys()].at(-1)}`,
    );
    const nameless = await page.evaluate(
      `[...document.querySelectorAll("select, textarea, button, input:not([type=hidden])")]
        .filter((it) => !it.labels?.length && !it.textContent.trim()).map((it) => it.outerHTML)`,
    );
    expect(nameless).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
  });
});

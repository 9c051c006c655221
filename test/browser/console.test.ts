import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, startBrowser } from "./browser.ts";
import { ACTING, type ConsoleStage, createConsoleStage, LOOKING } from "./console-stage.ts";

/** Rules of axe about what colours and widths change. */
const LOOK_RULES = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"];

describe.skipIf(!hasBrowser)("the console in a browser", () => {
  let stage: ConsoleStage;
  let browser: Browser;
  let ids: Awaited<ReturnType<ConsoleStage["fill"]>>;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([createConsoleStage(), startBrowser()]);
    ids = await stage.fill();
    return async () => {
      await browser.close();
      await stage.stop();
    };
  });

  /** A page of somebody who is signed in, and the faults that the browser tells of it. */
  async function open(context: BrowserContext, token = ACTING) {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && origin !== stage.url) faults.push(`asks ${origin}`);
    });
    await page.goto(`${stage.url}/console`);
    await page.getByLabel("Your operator token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation", { name: "Sections" }).waitFor();
    // The page in place of the one that was asked for answers 401.
    faults.length = 0;
    return { page, faults };
  }
  const pages = (): [name: string, path: string][] => [
    ["now", ""],
    ["handoffs", "/handoffs"],
    ["retry", "/handoffs/retry"],
    ["parked handoff", `/handoffs/${ids.parked}`],
    ["handoff with an agent", `/handoffs/${ids.helped}`],
    ["no handoff", "/handoffs/none"],
    ["sessions", "/sessions"],
    ["session", "/sessions?bot=shop-assistant&session=chat-1002"],
    ["why", "/sessions/why?bot=shop-assistant&session=chat-1001"],
    ["event that did not escalate", "/sessions/why?bot=shop-assistant&session=chat-1001&event=2"],
    ["nothing found", "/handoffs?word=nothing-like-that"],
    ["flows", "/flows"],
    ["backtest", "/flows/backtest?flow=retail-support"],
    ["dry run", "/dry-run"],
    ["faults", "/faults"],
    ["audit", "/audit"],
  ];

  /** Elements that HTML does not have, attributes with a slip, ids that stand twice, and fields without a name. */
  const slips = `(() => {
    const known = /^(aria-[a-z]+|data-[a-z-]+|action|autocomplete|autofocus|checked|class|content|datetime|defer|disabled|download|for|hidden|href|id|lang|method|name|open|preserveaspectratio|rel|required|role|scope|selected|size|spellcheck|src|tabindex|title|type|value|viewbox|charset|x|y|width|height)$/i;
    const all = [...document.querySelectorAll("*")];
    const ids = all.map((it) => it.id).filter(Boolean);
    return [
      ...all.filter((it) => it instanceof HTMLUnknownElement).map((it) => it.localName),
      ...all.flatMap((it) => [...it.attributes].map(({ name }) => name).filter((name) => !known.test(name))),
      ...ids.filter((id, at) => ids.indexOf(id) !== at),
    ];
  })()`;

  const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();

  it.each([
    ["light", 1280],
    ["light", 360],
    ["dark", 1280],
    ["dark", 360],
  ] as const)("has pages that everybody can use, in %s and %i pixels wide", async (colorScheme, width) => {
    const isFirst = colorScheme === "light" && width > 1_000;
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: "reduce",
    });
    const { page, faults } = await open(context);
    async function check(name: string): Promise<void> {
      expect((await page.content()).length, name).toBeLessThan(100_000);
      expect(await page.evaluate(slips), name).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name).toBe(true);
      const axe = new AxeBuilder({ page }).setLegacyMode();
      // Names, roles and order are the same in every colour and width.
      const { violations } = await (isFirst ? axe : axe.withRules(LOOK_RULES)).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        name,
      ).toEqual([]);
      const folder = process.env.SCREENSHOTS;
      if (folder !== undefined)
        await page.screenshot({
          path: `${folder}/${name.replaceAll(" ", "-")}-${colorScheme}-${width}.png`,
          fullPage: true,
        });
    }
    for (const [name, path] of pages()) {
      const answer = await page.goto(`${stage.url}/console${path}`);
      expect(answer?.headers()["content-security-policy"], name).not.toContain("unsafe");
      await check(name);
    }
    await page.goto(`${stage.url}/console/dry-run`);
    await page.getByLabel(/Ask it where/).check();
    await press(page, "Try it");
    await page.getByText("Where account default would route it").waitFor();
    await check("dry run with its result");
    await page.goto(`${stage.url}/console/flows/backtest?flow=retail-support`);
    await page.getByLabel("The change").fill('{"rules":{"asked-for-a-person":{"tags":["vip"]}}}');
    await press(page, "Compare");
    await page.getByRole("heading", { name: "Result" }).waitFor();
    await check("backtest with its result");
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
    await context.close();
  });

  it("follows a handoff from the bot to an agent and back while one looks, and stands still when it is told to", async () => {
    const context = await browser.newContext();
    const { page, faults } = await open(context);
    const { handoffId, conversationId } = await stage.ask("chat-live");
    await page.goto(`${stage.url}/console/handoffs/${handoffId}`);
    await page.getByText("Waits for an agent").waitFor();
    const summary = page.locator("summary", { hasText: "Write the note" });
    await summary.click();
    await summary.focus();
    stage.take(conversationId);
    await page.getByText("An agent has the customer").waitFor();
    // The reader's place on the page is kept.
    expect(await summary.evaluate((it) => it === it.ownerDocument.activeElement)).toBe(true);
    expect(await summary.evaluate((it) => it.parentElement?.hasAttribute("open"))).toBe(true);
    await press(page, "Pause updates");
    stage.solve(conversationId);
    await expect.poll(() => stage.controlOf("chat-live")).toBe("bot");
    await page.waitForTimeout(1_500);
    expect(await page.getByText("An agent has the customer").count()).toBe(1);
    await press(page, "Resume updates");
    await page.getByText("Over: the bot has its customer again").waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it("finds, explains and retries what is parked in three presses", async () => {
    const context = await browser.newContext();
    const { page } = await open(context);
    await stage.park(["chat-three"]);
    await page.goto(`${stage.url}/console`);
    await page.getByRole("link", { name: "The newest one" }).first().click();
    await page.getByText("Parked: the platform refused the request (400)").first().waitFor();
    await page.getByText("Retry…").click();
    await press(page, "Retry this handoff");
    await page.getByText("It goes on.").waitFor();
    await page.getByText("Waits for an agent").waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1);
    await page.goto(`${stage.url}/console/audit?act=retry&handoff=${id}`);
    await page.getByRole("cell", { name: "done" }).waitFor();
    await context.close();
  });

  it("retries all that a filter finds, after it told how many, without any script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page } = await open(context);
    await stage.park(["chat-many-1", "chat-many-2", "chat-many-3"]);
    await page.goto(`${stage.url}/console/handoffs?state=parked&reason=customer-asked`);
    await page.getByRole("link", { name: "Retry all of these" }).click();
    const button = page.getByRole("button", { name: /^Retry \d+ handoffs$/ });
    const count = Number(/\d+/.exec((await button.textContent()) ?? "")?.[0]);
    expect(count).toBeGreaterThanOrEqual(3);
    stage.refuseNextCreate();
    await button.click();
    await page.getByRole("heading", { name: `${count} handoffs go on` }).waitFor();
    await page.getByRole("link", { name: "See what is still parked" }).click();
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByRole("row").count();
      })
      .toBe(2);
    await context.close();
  });

  it("shows what a payload would do", async () => {
    const context = await browser.newContext();
    const { page } = await open(context);
    await page.goto(`${stage.url}/console/dry-run`);
    await press(page, "Try it");
    await page.getByText("A handoff is opened.").waitFor();
    await page.getByText("Calls that would be made").waitFor();
    expect(await page.getByText("Where account default would route it").count()).toBe(0);
    await page.getByLabel(/Ask it where/).check();
    await page.getByLabel("A conversation to simulate with").fill("no-such-conversation");
    await press(page, "Try it");
    await page.getByText("The platform's simulation could not be read: it knows no such id.").waitFor();
    await page.getByText(/sends it to queue|No routing rule matches/).waitFor();
    await page.getByLabel("Payload").fill('{"type":"nonsense","session":"s"}');
    await press(page, "Try it");
    await page.getByText(/Refused: type/).waitFor();
    await context.close();
  });

  it("shows who would be handled differently by a changed flow, and what is wrong with one that is none", async () => {
    const context = await browser.newContext();
    const { page } = await open(context);
    await page.goto(`${stage.url}/console/flows`);
    await page.getByRole("link", { name: "Backtest a change" }).first().click();
    await page.getByLabel("The change").fill('{"rules":{"customer-asked":{"wen":[]}}}');
    await press(page, "Compare");
    await page
      .getByRole("alert")
      .getByText(/rule 'customer-asked'/)
      .waitFor();
    await page.getByLabel("The change").fill('{"rules":{"asked-for-a-person":{"priority":"URGENT"}}}');
    await press(page, "Compare");
    await page.getByText(/rounds would come out differently/).waitFor();
    await page.getByText("would be handed over otherwise").waitFor();
    await page.getByRole("link", { name: "chat-1003" }).click();
    await page.getByRole("heading", { name: "chat-1003" }).waitFor();
    await page.goto(`${stage.url}/console/audit?act=backtest`);
    await page.getByRole("cell", { name: "ana" }).first().waitFor();
    await context.close();
  });

  it("takes no act of an ended session, says so, and leads back to the page", async () => {
    const context = await browser.newContext();
    const { page } = await open(context);
    const [id] = await stage.park(["chat-ended"]);
    const address = `${stage.url}/console/handoffs/${id}`;
    await page.goto(address);
    await page.getByText("Retry…").click();
    await context.clearCookies();
    await press(page, "Retry this handoff");
    await page.getByText("You are no longer signed in, so nothing was done.").waitFor();
    await page.getByLabel("Your operator token").fill(ACTING);
    await press(page, "Sign in");
    await page.getByText("Parked: the platform refused the request (400)").first().waitFor();
    expect(page.url()).toBe(address);
    await context.clearCookies();
    // The open page learns of the end with the next change.
    await stage.ask("chat-after-the-end");
    await page.getByLabel("Your operator token").waitFor();
    await context.close();
  });

  it("finds and retries what is parked with the keyboard alone", async () => {
    const context = await browser.newContext();
    const { page } = await open(context);
    await stage.park(["chat-keys"]);
    await page.goto(`${stage.url}/console`);
    /** Presses Tab until the focus is on something of that name. */
    async function tabTo(name: string): Promise<void> {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press("Tab");
        if ((await page.evaluate("document.activeElement.textContent.trim()")) === name) return;
      }
      throw new Error(`no way to ${name}`);
    }
    await tabTo("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo("The newest one");
    await page.keyboard.press("Enter");
    await page.getByText("Parked: the platform refused the request (400)").first().waitFor();
    await tabTo("Retry…");
    await page.keyboard.press("Enter");
    await tabTo("Retry this handoff");
    await page.keyboard.press("Enter");
    await page.getByText("It goes on.").waitFor();
    await context.close();
  });

  it("follows a handoff to an agent and back without any script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const { page } = await open(context);
    const { handoffId, conversationId } = await stage.ask("chat-plain");
    await page.goto(`${stage.url}/console/handoffs?word=chat-plain`);
    await page.getByRole("link", { name: "chat-plain" }).click();
    await page.getByText("Waits for an agent").waitFor();
    await page.getByRole("link", { name: "Why customer.message escalated, or not" }).click();
    await page.getByText("The rules as they are now, over what the session had then.").waitFor();
    stage.take(conversationId);
    const sees = (text: string) =>
      expect
        .poll(async () => {
          await page.goto(`${stage.url}/console/handoffs/${handoffId}`);
          return page.getByText(text).count();
        })
        .toBe(1);
    await sees("An agent has the customer");
    stage.solve(conversationId);
    await sees("Over: the bot has its customer again");
    await context.close();
  });

  it("lets whoever may only look do nothing else, and whoever signed out not even that", async () => {
    const context = await browser.newContext();
    const { page } = await open(context, LOOKING);
    await page.goto(`${stage.url}/console/handoffs/${ids.parked}`);
    await page.getByText("You may look and not act.").waitFor();
    expect(await page.getByText("Retry…").count()).toBe(0);
    for (const [name, path] of pages()) {
      await page.goto(`${stage.url}/console${path}`);
      const acts = "document.querySelectorAll('main form[method=post]:not([action=\"/console/dry-run\"])').length";
      expect(await page.evaluate(acts), name).toBe(0);
    }
    await page.goto(`${stage.url}/console/dry-run`);
    expect(await page.getByLabel(/Ask it where/).count()).toBe(0);
    const refused = await page.goto(`${stage.url}/console/flows/backtest?flow=retail-support`);
    expect(refused?.status()).toBe(403);
    await page.goto(`${stage.url}/console/handoffs`);
    await press(page, "Sign out");
    await page.getByLabel("Your operator token").waitFor();
    await page.goto(`${stage.url}/console/handoffs`);
    await page.getByLabel("Your operator token").waitFor();
    await context.close();
  });
});

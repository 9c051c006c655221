import { exports } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(`http://127.0.0.1${path}`, { redirect: "manual", ...init }));
const FORM = { origin: "http://127.0.0.1", "content-type": "application/x-www-form-urlencoded" };

let cookie = "";
beforeAll(async () => {
  const body = "token=development-operator";
  const signedIn = await ask("/console/sign-in", { method: "POST", headers: FORM, body });
  expect(signedIn.status).toBe(303);
  cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
});
async function look(path: string, status = 200): Promise<string> {
  const page = await ask(`/console${path}`, { headers: { cookie } });
  expect(page.status, path).toBe(status);
  return page.text();
}

it("shows the console on Workers too, to whoever signed in", async () => {
  expect((await ask("/console")).status).toBe(401);
  for (const path of ["", "/handoffs", "/sessions", "/flows", "/dry-run", "/faults", "/audit"]) {
    expect(await look(path), path).toContain("</html>");
  }
  expect(await look("")).toContain('data-every-ms="5000"');
});

it("shows how each account is, since when each flow is as it is, and no backtest, which no place could make", async () => {
  expect(await look("")).toMatch(/<h3>default <span class="badge good">in use/);
  await expect.poll(() => look("/flows")).toContain("Unchanged since");
  expect(await look("/flows")).not.toContain("Backtest a change");
  expect(await look("/flows/backtest?flow=retail-support", 404)).toContain("each session keeps its own record");
});

it("asks the account where it would route a payload", async () => {
  const payload = JSON.stringify({ type: "customer.message", session: "try", text: "a human, please" });
  const body = new URLSearchParams({ bot: "shop-assistant", source: "baton", payload, live: "true" }).toString();
  const page = await ask("/console/dry-run", { method: "POST", headers: { ...FORM, cookie }, body });
  expect(page.status).toBe(200);
  expect(await page.text()).toMatch(
    /Where account default would route it.*(sends it to queue|No routing rule matches)/s,
  );
});

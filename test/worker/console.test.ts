import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(`http://127.0.0.1${path}`, { redirect: "manual", ...init }));

it("shows the console on Workers too, to whoever signed in", async () => {
  expect((await ask("/console")).status).toBe(401);
  const signedIn = await ask("/console/sign-in", {
    method: "POST",
    headers: { origin: "http://127.0.0.1", "content-type": "application/x-www-form-urlencoded" },
    body: "token=development-operator",
  });
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  for (const path of ["", "/handoffs", "/sessions", "/flows", "/dry-run", "/faults", "/audit"]) {
    const page = await ask(`/console${path}`, { headers: { cookie } });
    expect(page.status, path).toBe(200);
    expect(await page.text(), path).toContain("</html>");
  }
  const now = await (await ask("/console", { headers: { cookie } })).text();
  expect(now).toContain('data-live="polled"');
});

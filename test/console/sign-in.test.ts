import { expect, it } from "vitest";
import { createWorld, OPERATOR_TOKEN } from "../support/world.ts";

const OWN = "http://baton.invalid";
const post = (fields: Record<string, string>, headers = {}): RequestInit => ({
  method: "POST",
  headers: { origin: OWN, "content-type": "application/x-www-form-urlencoded", ...headers },
  body: new URLSearchParams(fields).toString(),
});

it("leads to the page that was asked for, also after a wrong token", async () => {
  const { request } = createWorld();
  const to = "/console/handoffs?state=parked";
  expect(await (await request(to)).text()).toContain(`name="to" value="${to}"`);
  const wrong = await request("/console/sign-in", post({ token: "wrong", to }));
  expect(wrong.status).toBe(401);
  expect(await wrong.text()).toContain(`name="to" value="${to}"`);
  const right = await request("/console/sign-in", post({ token: OPERATOR_TOKEN, to }));
  expect(right.headers.get("location")).toBe(to);
});

it("says that an act of an ended session was not done, and leads back to its page", async () => {
  const { request } = createWorld();
  const referer = `${OWN}/console/handoffs/01H0001?done=retry`;
  const answer = await request("/console/handoffs/01H0001", post({ act: "cancel" }, { referer }));
  expect(answer.status).toBe(401);
  const text = await answer.text();
  expect(text).toContain("You are no longer signed in, so nothing was done.");
  expect(text).toContain('name="to" value="/console/handoffs/01H0001"');
});

it("leads to no page of others", async () => {
  const { request } = createWorld();
  for (const to of ["https://evil.example/console", "//evil.example", "/consoles"]) {
    const answer = await request("/console/sign-in", post({ token: OPERATOR_TOKEN, to }));
    expect(answer.headers.get("location")).toBe("/console");
  }
});

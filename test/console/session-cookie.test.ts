import { describe, expect, it } from "vitest";
import { createSessionCookie, endSessionCookie, operatorOfCookie } from "../../src/console/access/session-cookie.ts";

const ana = { name: "ana", token: "a-token-of-ana-0123456789", mayAct: true };
const bo = { name: "bo", token: "a-token-of-bo-01234567890", mayAct: false };
const NOW = Date.parse("2026-11-23T10:00:00Z");
const HOURS = 3_600_000;
const plain = new Request("http://127.0.0.1:8787/console");
const sent = (cookie: string): string => cookie.split(";")[0] ?? "";

describe("an operator's session in the console", () => {
  it("is of whoever signed in, for 12 hours, whatever else the browser sends", () => {
    const cookie = sent(createSessionCookie(plain, bo, NOW));
    expect(operatorOfCookie(`other=1; ${cookie}; more=x=y`, [ana, bo], NOW + 12 * HOURS - 1)).toBe(bo);
    expect(operatorOfCookie(cookie, [ana, bo], NOW + 12 * HOURS)).toBeNull();
    expect(operatorOfCookie(null, [ana, bo], NOW)).toBeNull();
  });

  it("ends with its token, its name and its right", () => {
    const cookie = sent(createSessionCookie(plain, bo, NOW));
    expect(operatorOfCookie(cookie, [ana, { ...bo, token: "another-token-0123456789" }], NOW)).toBeNull();
    expect(operatorOfCookie(cookie, [ana], NOW)).toBeNull();
    expect(operatorOfCookie(cookie, [ana, { ...bo, mayAct: true }], NOW)).toBeNull();
  });

  it("is not made by hand: another name, a later end, a cut signature, or the token itself", () => {
    const [name = "", value = ""] = sent(createSessionCookie(plain, bo, NOW)).split("=");
    const [own = "", until = "", signature = ""] = value.split(".");
    const named = Buffer.from("ana").toString("base64url");
    const forged = [
      `${named}.${until}.${signature}`,
      `${own}.${Number(until) + 1}.${signature}`,
      `${own}.${Number(until) + 365 * 24 * HOURS}.${signature}`,
      `${own}.${until}.${signature.slice(0, -1)}`,
      `${own}.${until}.${"A".repeat(43)}`,
      `${own}.${until}.`,
      bo.token,
      "",
    ];
    for (const one of forged) expect(operatorOfCookie(`${name}=${one}`, [ana, bo], NOW)).toBeNull();
  });

  it("is seen by no script and no other site, and by TLS alone where there is some", () => {
    const cookie = createSessionCookie(plain, ana, NOW);
    expect(cookie).toMatch(/; Path=\/console; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie).not.toContain(ana.token);
    const behind = new Request("http://127.0.0.1:8787/console", { headers: { "x-forwarded-proto": "https" } });
    expect(createSessionCookie(behind, ana, NOW)).toMatch(/; Secure$/);
    expect(createSessionCookie(new Request("https://baton.example.com/console"), ana, NOW)).toMatch(/; Secure$/);
    expect(endSessionCookie(plain)).toContain("Max-Age=0");
  });
});

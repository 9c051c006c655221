import { expect, it } from "vitest";
import { isFromOwnPage } from "../../src/console/access/same-origin.ts";

const post = (headers: Record<string, string>): Request =>
  new Request("http://127.0.0.1:8787/console/handoffs", { method: "POST", headers });

it.each<[string, Record<string, string>, boolean]>([
  ["our own page", { origin: "http://127.0.0.1:8787" }, true],
  [
    "our own page behind a proxy that ends TLS",
    { origin: "https://baton.example.com", host: "baton.example.com" },
    true,
  ],
  ["another site", { origin: "https://evil.example.com" }, false],
  ["a sibling of our site", { origin: "https://shop.example.com", host: "baton.example.com" }, false],
  ["another port of this machine", { origin: "http://127.0.0.1:9999" }, false],
  ["a page that hides its origin", { origin: "null" }, false],
  ["no page", {}, false],
  ["what the browser calls another site", { origin: "http://127.0.0.1:8787", "sec-fetch-site": "same-site" }, false],
])("tells whether a form comes from a page of the console: %s", (_, headers, isOwn) => {
  expect(isFromOwnPage(post(headers))).toBe(isOwn);
});

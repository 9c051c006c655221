import { describe, expect, it } from "vitest";
import { defaultRedactions } from "../../src/escalation/redaction/redactions.ts";
import {
  beforeConversation,
  render,
  templateProblems,
  withConversationId,
} from "../../src/escalation/text/template.ts";
import { type Facts, noFacts } from "../../src/events/facts.ts";

const view = (facts: Partial<Facts> = {}) => ({
  bot: "b",
  session: "s1",
  reason: "unhappy",
  conversationId: "c1",
  facts: { ...noFacts, ...facts },
});
const all = defaultRedactions;

describe("render", () => {
  it("says what is known of a session", () => {
    const facts = {
      customer: { name: "Ana", phone: "+385912345678", email: "ana@x.hr", externalId: "77" },
      attributes: { orderId: 5, ok: false },
      channel: "WHATSAPP",
      language: "hr",
    };
    const template =
      "{{session}} {{ bot }} {{reason}} {{conversationId}} {{channel}} {{language}} {{customer.name}} {{customer.phone}} " +
      "{{customer.email}} {{customer.externalId}} {{attributes.orderId}} {{attributes.ok}}";
    expect(render([template], view(facts), all)).toBe(
      "s1 b unhappy c1 WHATSAPP hr Ana +385912345678 ana@x.hr 77 5 false",
    );
  });

  it("takes the first template whose placeholders all have a value", () => {
    const templates = ["Order {{attributes.orderId}}", "Chat with {{customer.name}}", "Chat {{session}}"];
    expect(render(templates, view({ attributes: { orderId: 77 }, customer: { name: "Ana" } }), all)).toBe("Order 77");
    expect(render(templates, view({ attributes: { orderId: " " }, customer: { name: "Ana" } }), all)).toBe(
      "Chat with Ana",
    );
    expect(render(templates, view(), all)).toBe("Chat s1");
  });

  it("counts a value of which nothing can be read as none", () => {
    const facts = { customer: { name: "\u0000\u0007" } };
    expect(render(["{{customer.name}}", "Chat {{session}}"], view(facts), all)).toBe("Chat s1");
  });

  it("leaves gaps where no template is complete", () => {
    expect(render(["{{channel}}", "Hello {{customer.name}}"], view(), all)).toBe("Hello");
  });

  it("says whole what it names, but for cards and secrets", () => {
    const facts = {
      customer: { name: "Ana 4111111111111111", phone: "+385 91 234 5678" },
      attributes: { id: "2026-11-0042", mail: "ana@x.hr", imei: "490154203237518", said: "pin is 4821", cardPin: 4821 },
    };
    const names = ["customer.name", "customer.phone", ...Object.keys(facts.attributes).map((it) => `attributes.${it}`)];
    expect(render([names.map((name) => `{{${name}}}`).join("; ")], view(facts), all)).toBe(
      "Ana [card number]; +385 91 234 5678; 2026-11-0042; ana@x.hr; 490154203237518; pin is [secret]; [secret]",
    );
  });

  it("says what a customer gives in one short line that runs one way", () => {
    const name = `\u202eevil\u202c\nhttp://evil.example ${"x".repeat(200)}`;
    const text = render(["Hello {{customer.name}}!"], view({ customer: { name } }), all);
    expect(text).toMatch(/^Hello evil http:\/\/evil\.example x+ …!$/);
    expect(text.length).toBeLessThanOrEqual(110);
  });

  it("sees no attribute that the session has not", () => {
    expect(render(["x{{attributes.constructor}}{{attributes.__proto__}}"], view(), all)).toBe("x");
  });

  it("does not render what a value contains", () => {
    expect(render(["{{attributes.a}}"], view({ attributes: { a: "$& {{session}}" } }), all)).toBe("$& {{session}}");
  });
});

describe("templateProblems", () => {
  it.each(["plain", "{{session}}", "{{ attributes.order id }}", "{ } {{customer.externalId}}"])(
    "finds none in %s",
    (template) => {
      expect(templateProblems(template)).toEqual([]);
    },
  );

  it.each([
    ["{{custmer.name}}", /custmer\.name/],
    ["{{attributes.}}", /attributes\./],
    ["{{}}", /unknown placeholder/],
    ["{{constructor}}", /constructor/],
    ["{{attributes.topic|travel}}", /no fallback inside/],
    ["Order {{session}", /without the other/],
    ["Order session}}", /without the other/],
  ])("finds one in %s", (template, problem) => {
    expect(templateProblems(template).join()).toMatch(problem);
  });
});

it("fills in the conversation once it is known", () => {
  const text: string | null = render(["In {{conversationId}}."], beforeConversation(view()), all);
  const said = [withConversationId(text, "C1"), withConversationId(text, null), withConversationId(null, "C1")];
  expect(said).toEqual(["In C1.", "In .", null]);
});

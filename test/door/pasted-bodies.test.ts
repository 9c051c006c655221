import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver } from "../support/door.ts";

const pasted = (text: string, more = ""): string =>
  `{"uniqueSessionId":"u-1","session":"u-1","displayName":"Ana","lastReceivedTextMessage":"${text}"${more}}`;

/** A body that a flow builder pasted together, and words that the agent must read. */
const BODIES: [what: string, body: string, words: string[]][] = [
  ["a new line", pasted("I want my money back\nand a human"), ["I want my money back", "and a human"]],
  ["a new line of Windows", pasted("I want my money back\r\nand a human"), ["money back", "and a human"]],
  ["a tab", pasted("size\t42 is too small"), ["42 is too small"]],
  ["quotes", pasted('The box said "fragile" and it broke'), ["fragile", "and it broke"]],
  ["quotes around one word", pasted('I said "agent" twice'), ["agent"]],
  ["a quote at the end", pasted('I call it "quality"'), ["quality"]],
  ["a single quote mark", pasted('a 15" screen'), ["screen"]],
  ["a quote before a comma", pasted('not "new", not whole'), ["not whole"]],
  ["an apostrophe", pasted("it's broken"), ["it's broken"]],
  ["a backslash at the end", pasted("look in C:\\"), ["look in C:"]],
  ["a backslash inside", pasted("look in C:\\Users\\ana"), ["ana"]],
  ["NUL", pasted("one\u0000two"), ["one"]],
  ["a vertical tab and a bell", pasted("one\u000btwo\u0007three"), ["three"]],
  ["an unfilled placeholder that is no string", pasted("help me", ',"orderId":{{orderId}}'), ["help me"]],
  ["a value that is missing", pasted("help me", ',"orderId":,"plan":"gold"'), ["help me"]],
  ["a value that is missing at the end", pasted("help me", ',"orderId":'), ["help me"]],
  ["a trailing comma", pasted("help me", ","), ["help me"]],
  ["two lines and quotes and a trailing comma", pasted('one\n"two"\nthree', ","), ["two", "three"]],
  ["curly brackets in words", pasted("type {agent} [now]\nplease"), ["{agent} [now]", "please"]],
  ["another alphabet", pasted("Pošiljka je\noštećena 😡"), ["oštećena 😡"]],
];

describe.each(["answers", "flow"])("a body pasted together for %s", (source) => {
  it.each(BODIES)("is read with %s in it", async (_, body, words) => {
    const door = createDoor();
    expectHandedOver(await door.webhook(source, body));
    expect((await door.session("u-1")).body.control).toBe("queue");
    expect(door.note()).toContain("Ana");
    for (const word of words) expect(door.note()).toContain(word);
  });

  it.each(["", "hello", "{", "null", '{"uniqueSessionId":'])(
    "is refused where there is no body to read: %j",
    async (body) => {
      const door = createDoor();
      const reply = await door.webhook(source, body);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      expect(door.conversations()).toEqual([]);
    },
  );

  it("is an alert that names the bot where it cannot be read, and holds nothing of it", async () => {
    const door = createDoor();
    await door.webhook(source, "4111 1111 1111 1111 is no body");
    const alerts = door.lines.filter(({ level }) => level === "warn" || level === "error");
    expect(JSON.stringify(alerts)).toContain("shop-assistant");
    expect(JSON.stringify(door.lines)).not.toContain("4111");
  });

  it("does not take a customer's words for another field", async () => {
    const door = createDoor();
    const words = 'nice try", "priority":"URGENT", "x":"';
    const reply = await door.webhook(source, pasted(words));
    expectHandedOver(reply);
    expect(door.note()).toContain("nice try");
  });

  it("is read where it is a JSON string, or a list of one", async () => {
    const body = { uniqueSessionId: "u-1", session: "u-1", displayName: "Ana", text: "agent" };
    for (const given of [JSON.stringify(JSON.stringify(body)), JSON.stringify([body])]) {
      const door = createDoor();
      const reply = await door.webhook(source, given);
      expect(reply.status).toBe(200);
      expect(door.note()).toContain("Ana");
    }
  });
});

import { expect, it } from "vitest";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor, type Door } from "../support/door.ts";

const TYPES = [
  "TEXT",
  "BUTTON",
  "QUICK_REPLY",
  "POSTBACK",
  "INTERACTIVE_BUTTON_REPLY",
  "INTERACTIVE_LIST_REPLY",
  "RCS_TEXT",
  "WHATSAPP_TEXT_WITH_ADDITIONAL_DATA",
  "EMAIL",
  "IMAGE",
  "VIDEO",
  "DOCUMENT",
  "AUDIO",
  "VOICE",
  "LOCATION",
  "CONTACT",
  "FORM_RESPONSE",
  "LIST_PICKER_RESPONSE",
];
const anyType = fc.oneof(fc.constantFrom(...TYPES), fc.stringMatching(/^[A-Z]{3,12}(_[A-Z]{3,8})?$/));
/** Words in several scripts that no redaction has a reason to touch. */
const anyWords = fc
  .array(fc.constantFrom("pošiljka", "mokra", "lost", "Karte", "чек", "靴", "حذاء", "red", "boots"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((words) => `mark ${words.join(" ")} end`);

/** Content with these words in one of the places where platforms have them. */
const SHAPES: ((words: string) => unknown)[] = [
  (text) => ({ text }),
  (title) => ({ id: "1", title }),
  (caption) => ({ url: "https://x.invalid/1", caption }),
  (text) => text,
  (title) => ({ title, payload: "P7" }),
];

const WAYS: ((door: Door, contentType: string, content: unknown, words: string) => Promise<unknown>)[] = [
  (door, contentType, content) =>
    door.webhook("infobip-bot", { id: "m", conversationId: "s", direction: "INBOUND", contentType, content }),
  (door, contentType, content) =>
    door.webhook("answers", {
      uniqueSessionId: "s",
      type: "customer.message",
      lastReceivedMessage: { type: contentType, content },
    }),
  (door, contentType, _, text) => door.events({ id: "m", type: "customer.message", session: "s", contentType, text }),
  (door, _, __, text) => door.events({ id: "m", type: "bot.fallback", session: "s", text }),
];

it("shows the agent every string that the customer sent, whatever carried it", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyType,
      anyWords,
      fc.nat(SHAPES.length - 1),
      fc.nat(WAYS.length - 1),
      async (type, words, shape, way) => {
        const door = createDoor();
        await WAYS[way]?.(door, type, SHAPES[shape]?.(words), words);
        await door.ask({ session: "s", reason: "asked" });
        expect(door.note()).toContain(words);
      },
    ),
    runs(50),
  );
});

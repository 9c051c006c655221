import { describe, expect, it } from "vitest";
import { readMessageContent } from "../../../src/events/reading/message-content.ts";
import { fc } from "../../fuzz/fast-check.ts";

const FILE = "https://files.example/label.pdf";

describe("readMessageContent", () => {
  it.each<[string, string | null, unknown, { text: string | null; url?: string; contentType: string | null }]>([
    ["words", "TEXT", { text: "Hello  " }, { text: "Hello  ", contentType: "TEXT" }],
    ["words of no type", null, { text: "Hello", showUrlPreview: null }, { text: "Hello", contentType: "TEXT" }],
    ["words alone", null, "Hello", { text: "Hello", contentType: "TEXT" }],
    ["a file", "DOCUMENT", { url: FILE }, { text: null, url: FILE, contentType: "DOCUMENT" }],
    [
      "a file of no type",
      null,
      { url: FILE, caption: "Your label" },
      { text: "Your label", url: FILE, contentType: null },
    ],
    [
      "a picture without a caption",
      "IMAGE",
      { caption: null, url: FILE },
      { text: null, url: FILE, contentType: "IMAGE" },
    ],
    [
      "a nested file",
      "RCS_FILE",
      { file: { url: FILE }, thumbnail: { url: "https://x.example/t" } },
      { text: null, url: FILE, contentType: "RCS_FILE" },
    ],
    ["a sticker", "WHATSAPP_STICKER", { packId: 7 }, { text: null, contentType: "WHATSAPP_STICKER" }],
    [
      "a place",
      "LOCATION",
      { longitude: 15.98, latitude: 45.81, locationName: "Our shop", address: "Ilica 1" },
      { text: "Our shop, Ilica 1 (45.81,15.98)", contentType: "LOCATION" },
    ],
    ["a bare place", null, { longitude: 15.98, latitude: 0 }, { text: "0,15.98", contentType: "LOCATION" }],
    [
      "contacts",
      "CONTACT",
      {
        contacts: [
          {
            name: { first_name: "Iva", formatted_name: "Iva Kos" },
            phones: [{ phone: "+385 1 23" }, { phone: "+385 1 24" }],
          },
          {
            name: { firstName: "Ana", lastName: "Horvat" },
            emails: [{ email: "ana@x.example" }],
            urls: [{ url: FILE }],
          },
        ],
      },
      { text: "Iva Kos: +385 1 23, +385 1 24\nAna Horvat: ana@x.example", contentType: "CONTACT" },
    ],
    [
      "a contact of Telegram",
      "TELEGRAM_CONTACT",
      { phoneNumber: "385123", firstName: "Ana" },
      { text: "Ana: 385123", contentType: "TELEGRAM_CONTACT" },
    ],
    [
      "buttons",
      "BUTTON",
      {
        buttonType: "LIVECHAT",
        button: {
          text: "Which one?",
          buttonPayloads: [
            { title: "The red one", type: "POSTBACK", payload: "RED" },
            { title: "All", type: "URL", payload: "https://shop.example" },
          ],
        },
      },
      { text: "Which one?\n- The red one\n- All: https://shop.example", contentType: "BUTTON" },
    ],
    [
      "an interactive list",
      "INTERACTIVE",
      {
        interactive: {
          type: "LIST",
          header: { text: "Slots", type: "TEXT" },
          body: { text: "When may we call?" },
          footer: { text: "CET" },
          action: {
            button: "options",
            sections: [{ title: "Today", rows: [{ id: "r1", title: "10:00", description: "sharp" }] }],
          },
        },
      },
      { text: "Slots\nWhen may we call?\n- Today\n  - 10:00\n    sharp\nCET", contentType: "INTERACTIVE" },
    ],
    [
      "an interactive picture",
      "INTERACTIVE",
      {
        interactive: {
          header: { type: "IMAGE", url: FILE },
          body: { text: "Is it this?" },
          action: { buttons: [{ id: "1", title: "Yes", type: "BUTTON" }] },
        },
      },
      { text: "Is it this?\n- Yes", url: FILE, contentType: "INTERACTIVE" },
    ],
    [
      "an interactive link, which is no file",
      "INTERACTIVE",
      { interactive: { body: { text: "Pay here" }, action: { displayText: "Pay", url: "https://pay.example/1" } } },
      { text: "Pay here\nPay: https://pay.example/1", contentType: "INTERACTIVE" },
    ],
    [
      "quick replies",
      "LC_QUICK_REPLY",
      { suggestedReplies: ["Yes", "No"], sourceType: "TEXT", source: { text: "Ready?" } },
      { text: "Ready?\n- Yes\n- No", contentType: "LC_QUICK_REPLY" },
    ],
    [
      "what the customer is to see of data",
      "CUSTOM_DATA",
      { agentMessage: "internal", userMessage: "Thank you", customData: { text: "x" } },
      { text: "Thank you", contentType: "CUSTOM_DATA" },
    ],
    [
      "an e-mail",
      "EMAIL",
      { subject: "Your case", contentText: "It is solved." },
      { text: "Your case\nIt is solved.", contentType: "EMAIL" },
    ],
    [
      "an e-mail in HTML",
      "EMAIL",
      {
        subject: "Your case",
        contentHtml: "<html><style>p{}</style><body><p>It is <b>solved</b> &amp; closed.</p>Bye</body></html>",
      },
      { text: "Your case\nIt is solved & closed.\nBye", contentType: "EMAIL" },
    ],
    [
      "a template whose text is not told",
      "TEMPLATE",
      { templateName: "welcome", language: "es", parameters: [{ default: "Iva" }] },
      { text: null, contentType: "TEMPLATE" },
    ],
    ["an address that is no file's", "IMAGE", { url: "javascript:alert(1)" }, { text: null, contentType: "IMAGE" }],
    ["nothing", null, null, { text: null, contentType: null }],
  ])("reads %s", (_, type, content, expected) => {
    expect(readMessageContent(content, type)).toEqual({ url: null, ...expected });
  });

  it("never throws, whatever comes, and keeps plain words as they are", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 5 }), fc.anything(), (content, type) => {
        const read = readMessageContent(content, type);
        if (read.url !== null) expect(read.url).toMatch(/^https?:/i);
      }),
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(text.trim() !== "");
        expect(readMessageContent({ text }, "TEXT").text).toBe(text);
      }),
    );
  });
});

it.each<[string, unknown, unknown, string | null]>([
  ["a list of files", null, { file: [{ url: FILE }] }, FILE],
  ["an empty list of files", null, { file: [] }, null],
  ["a file whose address is all it has", null, { file: FILE }, FILE],
  [
    "a file below all depths",
    null,
    Array.from({ length: 12 }).reduce<object>((file) => ({ file }), { url: FILE }),
    null,
  ],
])("finds the address of %s", (_, type, content, url) => {
  expect(readMessageContent(content, type).url).toBe(url);
});

it.each<[string, string, unknown, string]>([
  [
    "a place inside the content",
    "LOCATION",
    { location: { latitude: 45.8, longitude: 16, name: "Shop" } },
    "Shop (45.8,16)",
  ],
  ["people who are but names", "CONTACT", { contacts: ["Ana", { name: "Iva", phones: ["0911"] }] }, "Ana\nIva: 0911"],
  ["HTML with a tag that does not end", "HTML", { contentHtml: "Hello &amp; <b" }, "Hello &"],
  ["a list with items that say nothing", "LIST", { buttons: [{}, { title: "One" }], title: "Choose" }, "Choose\n- One"],
])("says %s", (_, type, content, text) => {
  expect(readMessageContent(content, type).text).toBe(text);
});

it("reads no words below all depths", () => {
  const deep = Array.from({ length: 12 }).reduce<object>((content) => ({ content }), { text: "Hello" });
  expect(readMessageContent(deep, "LIST").text).toBeNull();
  expect(readMessageContent({ contentHtml: { text: "x" } }, "HTML").text).toBeNull();
  expect(readMessageContent({ contentHtml: "<br>" }, "HTML").text).toBeNull();
});

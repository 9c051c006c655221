/** A guide: its blocks of code, and its calls as its reader makes them. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { readCurl } from "../support/curl.ts";

interface Block {
  language: string;
  text: string;
}
export const blocksOf = (path: string): Block[] =>
  [...readFileSync(path, "utf8").matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
    language: language.trim(),
    text,
  }));

const IDS = new Set(["handoffId", "conversationId", "id", "baton_conversation", "handoff_id"]);
/** Makes every id the same, since ids differ from run to run. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, it: unknown) => (IDS.has(key) && typeof it === "string" ? "id" : it));

/** Makes the calls of a guide. Each must be answered as the guide shows. */
export async function makeCalls(path: string, url: string): Promise<void> {
  const blocks = blocksOf(path);
  for (const [index, { language, text }] of blocks.entries()) {
    if (language !== "" || !text.startsWith("curl ")) continue;
    const call = readCurl(text);
    const { method, headers, body } = call;
    const address = call.url.replace("http://127.0.0.1:8787", url);
    const answer = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
    const said: unknown = await answer.json();
    expect([answer.ok, answer.status], JSON.stringify(said)).toEqual([true, answer.status]);
    const next = blocks[index + 1];
    if (next?.language === "json") expect(withoutIds(said)).toEqual(withoutIds(JSON.parse(next.text)));
  }
}

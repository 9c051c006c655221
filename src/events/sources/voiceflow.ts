/** The API step of Voiceflow: its author fills in variables, of which one without a value is `0`. */
import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { type Containers, createWithExternalId, PERSON, unfold } from "../free-form/unfold.ts";
import type { Members } from "../native/members.ts";
import { plainName } from "../reading/named-values.ts";
import { builderNames } from "./http.ts";

const PEOPLE = ["userId"];
const names = {
  ...builderNames,
  id: ["id", "turnId", "messageId"],
  session: ["session", "sessionId", ...PEOPLE],
  channel: ["channel", "platform"],
  language: ["language", "locale"],
  lastWords: ["lastUtterance", ...builderNames.lastWords],
  transcript: ["vfMemory", "traces", ...builderNames.transcript],
};
const CONTAINERS: Containers = { user: PERSON, variables: {}, state: {}, body: {} };

/** Built-in variables that say nothing to an agent; the confidence is of an intent without a name. */
const SILENT = new Set(["sessions", "intentconfidence", "lastevent", "lastresponse"]);
const HISTORIES = new Set(names.transcript.map(plainName));
const isUnset = (value: unknown): boolean => value === 0 || value === "0";

/** The last words of the bot stand for a missing transcript. */
function prepare(payload: Members): Members {
  const body = unfold(payload, CONTAINERS);
  const given = Object.entries(body).filter(([, value]) => !isUnset(value));
  const last = given.find(([name]) => plainName(name) === "lastresponse")?.[1];
  const hasHistory = given.some(([name, value]) => HISTORIES.has(plainName(name)) && value !== "");
  const kept = Object.fromEntries(given.filter(([name]) => !SILENT.has(plainName(name))));
  if (hasHistory || typeof last !== "string" || last.trim() === "") return kept;
  return { ...kept, transcript: [{ author: "bot", text: last }] };
}

const withExternalId = createWithExternalId(names.session, PEOPLE);

export const voiceflow = createFreeFormSource({
  name: "voiceflow",
  names,
  sessionOf: ["externalId", "phone", "email"],
  prepare: (payload) => withExternalId(prepare(payload)),
});

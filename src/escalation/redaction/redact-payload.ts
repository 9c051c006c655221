/** Redacts payloads as bots post them. Their shape stays, so that they are read as the original was. */
import type { Event } from "../../events/event.ts";
import { sessionNamesOf } from "../../events/reading/session-name.ts";
import { redact, redactValue } from "./redact.ts";
import { defaultRedactions } from "./redactions.ts";

/** Fields whose name says that a value is personal, in any case and spelling. */
const PERSONAL =
  /^(?:(?:date|place|country)?of)?birth|^dob$|street|^(?:home|billing|shipping|delivery|postal|mailing)?address(?:line)?\d?$|^(?:post(?:al)?|zip)code$|^zip$|^(?:city|town)$|passport|^(?:ssn|oib|nin|taxid|nationalid|personalid)$|^(?:first|last|full|given|family|middle|sur|nick|maiden|user|customer)name$|^(?:lat|latitude|lng|lon|longitude)$/;
/** Fields that name a chat or a person: their values are hidden if no event was read. */
const IDENTITY =
  /^(?:session|sessionid|senderid|sender|userid|user|username|contact|contactid|visitorid|conversation|conversationid|chatid|from|recipient|to|phone|phonenumber|email|displayname|customername)$/;
/** An id of a system: digits in it are no phone. */
const SYSTEM_ID = /^(?=\S*\p{L})(?=\S*\p{N})[^\s@]{8,}$/u;
/** A shorter session id may be a part of any word. */
const SESSION_MIN = 5;
const HIDDEN = "(personal)";
const WORDS = "(words)";
/** Most people with stand-ins; then the numbers start again. */
const PEOPLE_MAX = 2_000;

/** Marks around a held value while the rest is redacted: no text of a person has these characters. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const HELD = /\uE000(\d+)\uE001/g;

interface StandIn {
  value: string;
  standsIn: string;
}

const plain = (field: string): string => field.toLowerCase().replace(/[\s_-]/g, "");
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Remembers people and sessions, so that a chat stays one chat. */
export function createPayloadRedaction() {
  const people = new Map<string, number>();

  function numberOf(value: string): number {
    const known = people.get(value);
    if (known !== undefined) return known;
    if (people.size >= PEOPLE_MAX) people.clear();
    people.set(value, people.size + 1);
    return people.size;
  }

  function standInsOf({ session, customer = {} }: Event): StandIn[] {
    const number = numberOf(session);
    const { name, phone, email, externalId } = customer;
    const all = [
      { value: email, standsIn: `customer-${number}@example.invalid` },
      // No country has the code 999.
      { value: phone, standsIn: `+999${String(number).padStart(9, "0")}` },
      { value: externalId, standsIn: `customer-${number}` },
      { value: name, standsIn: `Customer ${number}` },
      ...(name?.includes(" ") ? name.split(/\s+/) : []).map((value) => ({ value, standsIn: "Customer" })),
      { value: session.length < SESSION_MIN ? undefined : session, standsIn: `session-${number}` },
    ];
    return all.filter((it): it is StandIn => it.value !== undefined && it.value.length > 1);
  }

  /** `events`: the events that were read from the payload. `keepsWords` is false if the flow keeps no words. */
  return (payload: unknown, events: readonly Event[], keepsWords: boolean): unknown => {
    const standIns = events.flatMap(standInsOf);
    const sessions = new Map(events.map(({ session }) => [session, `session-${numberOf(session)}`]));
    const said = new Set(events.flatMap((event) => ("text" in event && event.text ? [event.text] : [])));
    const known = new Map(standIns.map(({ value, standsIn }) => [value.toLowerCase(), standsIn]));
    const values = [...known.keys()].sort((a, b) => b.length - a.length).map(escaped);
    const anywhere =
      values.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${values.join("|")})(?![\\p{L}\\p{N}])`, "giu");

    const sessionOf = (text: string): string | undefined => {
      const name = sessionNamesOf(text).find((it) => sessions.has(it));
      return known.get(text.toLowerCase()) ?? (name === undefined ? undefined : sessions.get(name));
    };

    function shown(text: string): string {
      const whole = sessionOf(text);
      if (whole !== undefined) return whole;
      if (!keepsWords && (said.has(text) || /\S\s+\S/.test(text))) return WORDS;
      const held: string[] = [];
      const hold = (standsIn: string): string => `${OPEN}${held.push(standsIn) - 1}${CLOSE}`;
      const inPath = text
        .split("/")
        .map((part) => {
          const standsIn = part === text || part === "" ? undefined : sessionOf(part);
          return standsIn === undefined ? part : hold(standsIn);
        })
        .join("/");
      const replaced =
        anywhere === null
          ? inPath
          : inPath.replace(anywhere, (found) => hold(known.get(found.toLowerCase()) ?? HIDDEN));
      const redacted = SYSTEM_ID.test(text)
        ? redactValue(replaced, defaultRedactions)
        : redact(replaced, defaultRedactions);
      return redacted.replace(HELD, (_, index) => held[Number(index)] ?? HIDDEN);
    }

    /** Replaces the end of a path, which only its source knows as a session. */
    const nobodys = (text: string): string => text.replace(/[^/]+$/, (end) => `session-${numberOf(end)}`);

    /** A number stays one if its stand-in is a number. */
    function shownNumber(number: number): number | string {
      const text = String(number);
      const standsIn = shown(text);
      return standsIn === text || !/^\+?\d+$/.test(standsIn)
        ? standsIn === text
          ? number
          : standsIn
        : Number(standsIn);
    }

    function walk(value: unknown, field: string): unknown {
      const isPersonal = PERSONAL.test(plain(field));
      if (typeof value === "string" && value !== "") {
        if (events.length === 0 && IDENTITY.test(plain(field))) return nobodys(value);
        return isPersonal ? (sessionOf(value) ?? HIDDEN) : shown(value);
      }
      if (typeof value === "number") return isPersonal ? 0 : shownNumber(value);
      if (Array.isArray(value)) return value.map((member) => walk(member, field));
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          shown(name),
          walk(member, /^(?:id|name)$/i.test(name) && typeof member === "string" ? field : name),
        ]),
      );
    }
    return walk(payload, "");
  };
}

/** The shape of an unreadable body: only its punctuation and the names of its fields. */
export const shapeOfText = (text: string): string =>
  text.replace(/[\p{L}\p{N}_.-]+(?!["'\w]*\s*:)/gu, (word) => (word.length > 12 ? "x…" : "x".repeat(word.length)));

/** The wording of notes: what Baton itself says in them, by language. */

export interface NoteWording {
  handedOver: (bot: string, reason: string) => string;
  said: string;
  summary: string;
  known: string;
  more: (count: number) => string;
  contact: Record<"name" | "phone" | "email" | "externalId" | "channel" | "language", string>;
  speakers: Record<"customer" | "bot" | "agent", string>;
  askedBefore: (bot: string) => string;
  askedAgain: (bot: string) => string;
  left: string;
  noText: string;
  transcript: string;
  further: string;
  missing: string;
  /** About the times: `UTC, from 2026-11-23`. */
  from: (zone: string, day: string) => string;
  leftOut: (count: number) => string;
}

const en: NoteWording = {
  handedOver: (bot, reason) => `Handed over by bot ${bot}. Reason: ${reason}`,
  said: "The bot said",
  summary: "Summary",
  known: "Known",
  more: (count) => `and ${count} more`,
  contact: {
    name: "Customer",
    phone: "Phone",
    email: "E-mail",
    externalId: "Customer id",
    channel: "Channel",
    language: "Language",
  },
  speakers: { customer: "Customer", bot: "Bot", agent: "Agent" },
  askedBefore: (bot) => `Asked before by bot ${bot}`,
  askedAgain: (bot) => `Asked again by bot ${bot}`,
  left: "The customer left the chat",
  noText: "(no text)",
  transcript: "Transcript",
  further: "Further messages",
  missing: "A note before this one could not be written: words are missing here.",
  from: (zone, day) => `${zone}, from ${day}`,
  leftOut: (count) => `${count} earlier message${count > 1 ? "s" : ""} left out`,
};

const de: NoteWording = {
  handedOver: (bot, reason) => `Übergeben von Bot ${bot}. Grund: ${reason}`,
  said: "Der Bot sagt",
  summary: "Zusammenfassung",
  known: "Bekannt",
  more: (count) => `und ${count} weitere`,
  contact: {
    name: "Kunde",
    phone: "Telefon",
    email: "E-Mail",
    externalId: "Kundennummer",
    channel: "Kanal",
    language: "Sprache",
  },
  speakers: { customer: "Kunde", bot: "Bot", agent: "Agent" },
  askedBefore: (bot) => `Zuvor angefragt von Bot ${bot}`,
  askedAgain: (bot) => `Erneut angefragt von Bot ${bot}`,
  left: "Der Kunde hat den Chat verlassen",
  noText: "(kein Text)",
  transcript: "Verlauf",
  further: "Weitere Nachrichten",
  missing: "Eine Notiz vor dieser konnte nicht geschrieben werden: Hier fehlen Worte.",
  from: (zone, day) => `${zone}, ab ${day}`,
  leftOut: (count) => `${count} frühere Nachricht${count > 1 ? "en" : ""} ausgelassen`,
};

const hr: NoteWording = {
  handedOver: (bot, reason) => `Predao bot ${bot}. Razlog: ${reason}`,
  said: "Bot je rekao",
  summary: "Sažetak",
  known: "Poznato",
  more: (count) => `i još ${count}`,
  contact: {
    name: "Korisnik",
    phone: "Telefon",
    email: "E-pošta",
    externalId: "Oznaka korisnika",
    channel: "Kanal",
    language: "Jezik",
  },
  speakers: { customer: "Korisnik", bot: "Bot", agent: "Agent" },
  askedBefore: (bot) => `Prije zatražio bot ${bot}`,
  askedAgain: (bot) => `Ponovno zatražio bot ${bot}`,
  left: "Korisnik je napustio razgovor",
  noText: "(bez teksta)",
  transcript: "Razgovor",
  further: "Daljnje poruke",
  missing: "Bilješka prije ove nije se mogla zapisati: ovdje nedostaju riječi.",
  from: (zone, day) => `${zone}, od ${day}`,
  leftOut: (count) => `izostavljeno ranijih poruka: ${count}`,
};

const byLanguage = new Map<string, NoteWording>([
  ["en", en],
  ["de", de],
  ["hr", hr],
]);

/** Words in a language; English where Baton has none. */
export const noteWordingIn = (language: string | undefined): NoteWording =>
  byLanguage.get(language?.toLowerCase().split(/[-_]/)[0] ?? "en") ?? en;

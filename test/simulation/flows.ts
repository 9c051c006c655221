import { retailSupport } from "../../flows/retail-support/flow.ts";
import { defaultSeed, type Seed } from "../../src/emulator/state/seed.ts";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { callbackTypes } from "../../src/events/callback-types.ts";

export const SECRET = "simulation-secret";
export const OPERATOR_TOKEN = "operator-token";

/** A Monday. */
export const START = Date.parse("2026-11-23T10:00:00Z");
/** Opening times of the flows with hours; these closed at the start. */
const DECLINES_UNTIL = START + 60_000;
const DEFERS_UNTIL = START + 120_000;

/** Open all day. */
const ALL_DAY: [string, string][] = [["00:00", "24:00"]];
const LATER_DAYS = { tue: ALL_DAY, wed: ALL_DAY, thu: ALL_DAY };

const rules: FlowInput["rules"] = [
  {
    reason: "asked",
    when: [{ event: "handoff.requested" }, { event: "customer.message", text: { contains: ["human"] } }],
    tags: ["customer_asked"],
    priority: "HIGH",
  },
  { reason: "failed", when: { event: "bot.error" }, tags: ["bot_failed"] },
  { reason: "unhappy", when: { event: "customer.message", sentiment: { below: -0.6 } }, tags: ["unhappy"] },
];
const callbacks = { url: "https://bots.invalid/told", events: [...callbackTypes] };

/** Names a queue and keeps it; the account lacks one of its tags. */
const claims = defineFlow({
  name: "claims",
  bots: ["claims-assistant"],
  conversation: { topic: "Claim of {{session}}", queue: "Complaints", keepQueue: "enforce" },
  tags: ["bot_handoff", "claim.new"],
  message: "A colleague will be with you.",
  rules: [{ reason: "asked", when: { event: "handoff.requested" }, tags: ["customer_asked"] }],
});

/** Defers requests until its people come, by a schedule of its own. */
const night = defineFlow({
  name: "night",
  bots: ["night-assistant"],
  conversation: { topic: "Night {{session}}" },
  tags: ["bot_handoff"],
  message: "A colleague takes over.",
  rules,
  hours: {
    timeZone: "UTC",
    weekly: {
      ...LATER_DAYS,
      mon: [
        ["00:00", "10:00"],
        ["10:02", "24:00"],
      ],
    },
  },
  outsideHours: { do: "defer", message: "We are back at two minutes past ten." },
  waiting: [
    { afterSeconds: 20, message: "Somebody will come.", tags: ["waits_long"] },
    { afterSeconds: 45, priority: "URGENT" },
  ],
  alertAfterSeconds: 30,
  handBack: { when: "closed", removeTags: ["waits_long"] },
});

/** Opens nothing while it is closed, or while no agent is available. */
const counter = defineFlow({
  name: "counter",
  bots: ["counter-assistant"],
  conversation: { topic: "Counter {{session}}" },
  tags: ["bot_handoff"],
  message: "A colleague takes over.",
  rules,
  hours: {
    timeZone: "UTC",
    weekly: {
      ...LATER_DAYS,
      mon: [
        ["00:00", "10:00"],
        ["10:01", "24:00"],
      ],
    },
  },
  outsideHours: { do: "decline", message: "We open at one minute past ten." },
  noAgent: { do: "decline", message: "Nobody is there.", orWaiting: 2 },
  handBack: { removeTags: ["bot_handoff", "customer_asked", "unhappy"], message: "You are back with the bot." },
  callbacks,
});

/** Writes to the customers itself, and gives them back to the bot if no agent comes. */
const desk = defineFlow({
  name: "desk",
  bots: ["desk-assistant"],
  conversation: { topic: "Desk {{session}}" },
  tags: ["bot_handoff"],
  message: "A colleague takes over.",
  rules,
  noAgent: { do: "other-queue", queue: "VIP", message: "It may take a while." },
  texts: "send",
  waiting: [
    { afterSeconds: 15, message: "Somebody will come.", priority: "URGENT", tags: ["waits_long"] },
    { afterSeconds: 40, message: "Nobody came.", giveBack: true },
  ],
  alertAfterSeconds: 30,
  handBack: { removeTags: ["bot_handoff", "waits_long"], message: "You are back with the bot.", graceSeconds: 60 },
  callbacks,
});

const HOURS_ID = "5EED00000000000000000000000000E2";

/** Defers by the working hours of the account at the platform. */
const clinic = defineFlow({
  name: "clinic",
  bots: ["clinic-assistant"],
  conversation: { topic: "Clinic {{session}}" },
  tags: ["bot_handoff"],
  message: "A colleague takes over.",
  rules,
  hours: { workingHoursId: HOURS_ID },
  outsideHours: { do: "defer", message: "We are back soon." },
  noAgent: { do: "queue", message: "It may take a while." },
  waiting: [{ afterSeconds: 60, message: "Nobody came.", giveBack: true }],
  handBack: { when: "closed", removeTags: ["bot_handoff"], message: "You are back.", graceSeconds: 60 },
});

/** The account, with working hours that begin when the deferring flows open. */
export function seedOf(): Partial<Seed> {
  const { workingHours } = defaultSeed();
  const day = { startTime: 0, endTime: 24 * 60, enabled: true };
  const monday = { ...day, startTime: 10 * 60 + 2 };
  const workWeek = {
    MONDAY: monday,
    TUESDAY: day,
    WEDNESDAY: day,
    THURSDAY: day,
    FRIDAY: day,
    SATURDAY: day,
    SUNDAY: day,
  };
  const late = { id: HOURS_ID, name: "Late", timezone: "UTC", message: "", enabled: true, isDefault: false };
  return { workingHours: [...workingHours, { ...late, workWeek, holidays: [] }] };
}

/** Shares its conversations with the shop's bot. */
const lobby = defineFlow({
  name: "lobby",
  bots: ["lobby-assistant"],
  conversation: { topic: "Lobby {{session}}" },
  tags: ["bot_handoff"],
  message: "A colleague takes over.",
  rules,
  sharesConversationsWith: ["shop-assistant"],
});
/** The first shares with the second, and the second with nobody. */
export const SHARING_BOTS = ["lobby-assistant", "shop-assistant"];

export const flows = [retailSupport, claims, night, counter, desk, clinic, lobby];

/** Each bot's weight in the draw. */
const WEIGHTS: [bot: string, weight: number][] = [
  ["shop-assistant", 4],
  ["claims-assistant", 3],
  ["night-assistant", 2],
  ["counter-assistant", 2],
  ["desk-assistant", 3],
  ["clinic-assistant", 1],
];
export const DRAWN_BOTS = WEIGHTS.flatMap(([bot, weight]) => Array<string>(weight).fill(bot));

/**
 * Time before which nothing may be sent for a handoff of such a bot. The platform's own hours are only as good as the last read.
 */
export function closedUntil(bot: string): number | null {
  switch (bot) {
    case "night-assistant":
    case "clinic-assistant":
      return DEFERS_UNTIL;
    case "counter-assistant":
      return DECLINES_UNTIL;
    default:
      return null;
  }
}
/** True if its hours are read at the platform. */
export const hasAskedHours = (bot: string): boolean => bot === "clinic-assistant";
/** Milliseconds within which a customer goes back to the solved conversation. */
export const graceMs = (bot: string): number =>
  1_000 * (flows.find(({ bots }) => bots.includes(bot))?.handBack.graceSeconds ?? 0);

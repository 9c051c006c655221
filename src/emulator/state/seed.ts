import type { Agent, Bot, Queue, Rule, Tag, Weekday, WorkingHours } from "./state.ts";

type Undated<T> = Omit<T, "createdAt" | "updatedAt">;

/** The account's contents before the first request. */
export interface Seed {
  queues: readonly Undated<Queue>[];
  defaultQueueId: string | null;
  agents: readonly Undated<Agent>[];
  bots: readonly Bot[];
  tags: readonly Undated<Tag>[];
  rules: readonly Undated<Rule>[];
  workingHours: readonly Undated<WorkingHours>[];
}

const seedId = (tail: string): string => `5EED${tail.padStart(28, "0")}`;

const support = seedId("A1");
const vip = seedId("A2");
const complaints = seedId("A3");
const general = seedId("A4");
const officeHours = seedId("E1");

const queue = (id: string, name: string, workingHoursId: string | null = null): Undated<Queue> => ({
  id,
  name,
  isAutoAssignmentEnabled: false,
  workingHoursId,
  externalId: null,
});

type Person = Pick<Agent, "displayName" | "status" | "queueIds">;

const agent = (id: string, { displayName, status, queueIds }: Person, role: Agent["role"]): Undated<Agent> => ({
  id,
  displayName,
  email: `${displayName.toLowerCase().replace(" ", ".")}@example.com`,
  status,
  availability: status,
  role,
  enabled: true,
  queueIds,
});

const bot = (id: string, displayName: string, destination: string): Bot => ({
  id,
  displayName,
  destination,
  channel: "LIVE_CHAT",
  enabled: true,
  webhookUrl: null,
  webhookHeaders: null,
  webhookEventUrl: null,
  webhookEventHeaders: null,
  messagePersistencePolicy: "PERSIST_ALL",
  sessionTimeoutInSec: 86_400,
});

type RuleFields = Pick<Rule, "name" | "expression" | "queueId" | "priority">;

const rule = (id: string, fields: RuleFields): Undated<Rule> => ({
  id,
  ...fields,
  enabled: true,
  routeOnlyDuringWorkingHours: false,
});

const workday = { startTime: 9 * 60, endTime: 17 * 60, enabled: true };
const dayOff = { startTime: 0, endTime: 0, enabled: false };
const workWeek: Record<Weekday, typeof workday> = {
  MONDAY: workday,
  TUESDAY: workday,
  WEDNESDAY: workday,
  THURSDAY: workday,
  FRIDAY: workday,
  SATURDAY: dayOff,
  SUNDAY: dayOff,
};

/** A small shop. The tag `vip` is missing on purpose: a rule waits for it, and its first user has to create it. */
export const defaultSeed = (): Seed => ({
  queues: [
    queue(support, "Support", officeHours),
    queue(vip, "VIP"),
    queue(complaints, "Complaints", officeHours),
    queue(general, "General"),
  ],
  defaultQueueId: general,
  agents: [
    agent(seedId("B1"), { displayName: "Ana Horvat", status: "ACTIVE", queueIds: [support, general] }, "AGENT"),
    agent(seedId("B2"), { displayName: "Luka Babic", status: "ACTIVE", queueIds: [support, vip] }, "AGENT"),
    agent(seedId("B3"), { displayName: "Grace Okoye", status: "AWAY", queueIds: [support, complaints] }, "AGENT"),
    agent(
      seedId("B4"),
      { displayName: "Marta Silva", status: "ACTIVE", queueIds: [support, vip, complaints, general] },
      "SUPERVISOR",
    ),
  ],
  bots: [bot(seedId("C1"), "Shop assistant", "shop-widget"), bot(seedId("C2"), "Delivery updates", "delivery-widget")],
  tags: ["bot_handoff", "customer_asked", "bot_failed", "unhappy", "bot_lost"].map((name, index) => ({
    id: seedId(`F${index + 1}`),
    name,
  })),
  rules: [
    rule(seedId("D1"), {
      name: "Unhappy customers",
      expression: { $eq: { "conversation.tags": "unhappy" } },
      queueId: complaints,
      priority: "URGENT",
    }),
    rule(seedId("D2"), {
      name: "VIP customers",
      expression: { $eq: { "conversation.tags": "vip" } },
      queueId: vip,
      priority: "HIGH",
    }),
    rule(seedId("D3"), {
      name: "Waiting for a person",
      expression: { $in: { "conversation.tags": ["customer_asked", "bot_failed"] } },
      queueId: support,
      priority: "HIGH",
    }),
    rule(seedId("D4"), {
      name: "Everything else from bots",
      expression: { $eq: { "conversation.tags": "bot_handoff" } },
      queueId: support,
      priority: "NORMAL",
    }),
  ],
  workingHours: [
    {
      id: officeHours,
      name: "Office hours",
      timezone: "Europe/Zagreb",
      message: "We are back on weekdays from nine to five.",
      enabled: true,
      isDefault: true,
      workWeek,
      holidays: [],
    },
  ],
});

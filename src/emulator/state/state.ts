import type { Priority } from "../../events/event.ts";
import type { Metadata, Status } from "../../infobip/schema.ts";
import type { ProfileFields, SecurityFields, SubscriptionFields } from "../../infobip/subscription-schema.ts";
import type { Expression } from "./expression.ts";

export interface Note {
  readonly id: string;
  readonly agentId: string | null;
  readonly type: string;
  readonly content: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Message {
  readonly id: string;
  readonly channel: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: "INBOUND" | "OUTBOUND";
  readonly authorId: string | null;
  readonly authorType: "CUSTOMER" | "AGENT" | "SYSTEM" | "BOT";
  readonly contentType: string;
  readonly content: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ConversationFields {
  topic: string | null;
  summary: string | null;
  status: Status;
  priority: Priority;
  queueId: string | null;
  agentId: string | null;
}

export interface Conversation extends Readonly<ConversationFields> {
  readonly id: string;
  /** Number by which people name the conversation. */
  readonly shortId: string;
  readonly channel: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly tags: readonly string[];
  readonly notes: readonly Note[];
  readonly messages: readonly Message[];
  readonly metadata: Metadata | null;
  /** Known once a customer has written. */
  readonly customer: { readonly id: string; readonly name: string | null } | null;
  /** Number of routes. */
  readonly routes: number;
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly isAutoAssignmentEnabled: boolean;
  readonly workingHoursId: string | null;
  readonly externalId: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type AgentStatus = "ACTIVE" | "BUSY" | "INVISIBLE" | "AWAY";

export interface Agent {
  readonly id: string;
  readonly displayName: string;
  readonly email: string | null;
  /** Status that the agent set. */
  readonly status: AgentStatus;
  /** Status that the system computed; here always the same. */
  readonly availability: AgentStatus;
  readonly role: "AGENT" | "SUPERVISOR";
  readonly enabled: boolean;
  readonly queueIds: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Bot {
  readonly id: string;
  readonly displayName: string;
  readonly destination: string;
  readonly channel: string;
  readonly enabled: boolean;
  readonly webhookUrl: string | null;
  readonly webhookHeaders: Record<string, string> | null;
  readonly webhookEventUrl: string | null;
  readonly webhookEventHeaders: Record<string, string> | null;
  readonly messagePersistencePolicy: "PERSIST_ALL" | "PERSIST_NONE";
  readonly sessionTimeoutInSec: number;
}

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly expression: Expression;
  readonly queueId: string;
  readonly priority: Priority;
  readonly enabled: boolean;
  readonly routeOnlyDuringWorkingHours: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const WEEKDAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WorkingHours {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly message: string;
  readonly enabled: boolean;
  readonly isDefault: boolean;
  /** Minutes after midnight, [start, end). */
  readonly workWeek: Record<Weekday, { startTime: number; endTime: number; enabled: boolean }>;
  readonly holidays: readonly { id: string; name: string; startDate: string; endDate: string; enabled: boolean }[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type Security = Readonly<SecurityFields> & { readonly authId: string };
export interface Profile extends Readonly<ProfileFields> {
  readonly profileId: string;
  readonly authId: string | null;
}
export interface Subscription extends Readonly<SubscriptionFields> {
  readonly subscriptionId: string;
  readonly channel: string;
  readonly profileId: string;
}

/** All that the platform holds, in order of arrival. Dates are milliseconds since the epoch. */
export interface State {
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Keys are names. */
  readonly tags: ReadonlyMap<string, Tag>;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly workingHours: ReadonlyMap<string, WorkingHours>;
  /** Subscriptions with their profiles and securities. */
  readonly securities: ReadonlyMap<string, Security>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Sorted by evaluation. */
  readonly rules: readonly Rule[];
  readonly defaultQueueId: string | null;
  /** Target of inbound messages in the deprecated account configuration. */
  readonly accountWebhookUrl: string | null;
}

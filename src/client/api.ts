// Made of the OpenAPI document by `npm run client:types`.

export type Answer = {
  outcome: "accepted" | "duplicate" | "ignored";
  /** Who talks to the customer now. The bot stays silent while it is not `bot`. */
  control: Control | null;
  handoffId: string | null;
  handoffState: HandoffState | null;
  /** The reason of the rule that matched. */
  reason: string | null;
  conversationId: string | null;
  /** A text for the customer: the bot says it once. */
  message: string | null;
  /** True: the bot asks its customer whether they want a person, with `message`. Absent otherwise. */
  suggestion?: boolean | undefined;
  /** The fields that could not be used, or not whole; absent where there are none. */
  leftOut?: string[] | undefined;
};

export type Callback =
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "handoff.routed";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    }
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "handoff.waiting";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    }
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "handoff.parked";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    }
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "handoff.returned";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    }
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "agent.joined";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    }
  | {
      specversion: "1.0";
      /** The same over all tries, as is the header `webhook-id`. */
      id: string;
      source: string;
      type: "agent.message";
      /** The session. */
      subject: string;
      time: string;
      datacontenttype: "application/json";
      data: {
        bot: string;
        session: string;
        handoffId: string | null;
        state: HandoffState | null;
        control: Control;
        reason: string | null;
        conversationId: string | null;
        agent?: { id: string; name: string | null } | undefined;
        message?: string | undefined;
        text?: string | null | undefined;
        contentType?: string | null | undefined;
        url?: string | null | undefined;
        because?: string | undefined;
      };
    };

export type Control = "bot" | "queue" | "agent" | "nobody";

export type Customer = {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  externalId?: string | undefined;
};

export type Event =
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "session.started";
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "customer.message";
      text: string;
      contentType?: string | undefined;
      intent?: { name?: string | undefined; confidence?: number | undefined } | undefined;
      sentiment?: number | undefined;
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "bot.message";
      text: string;
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "bot.fallback";
      text?: string | undefined;
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "bot.error";
      error?: string | undefined;
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "handoff.requested";
      reason?: string | undefined;
      summary?: string | undefined;
      transcript?: { author: "customer" | "bot" | "agent"; text: string; at?: string | undefined }[] | undefined;
      tags?: string[] | undefined;
      priority?: Priority | undefined;
      queue?: string | undefined;
      contentType?: string | undefined;
      intent?: { name?: string | undefined; confidence?: number | undefined } | undefined;
      sentiment?: number | undefined;
      /** In place of `transcript`. */
      messages?:
        | {
            /** `user` and `assistant` are kept; system prompts, tool calls and their results are not. */ role: string;
            content?:
              | string
              | { type?: string | undefined; text?: string | undefined; [name: string]: unknown }[]
              | null
              | undefined;
            [name: string]: unknown;
          }[]
        | undefined;
    }
  | {
      id?: string | undefined;
      session: string;
      at?: string | undefined;
      conversationId?: string | undefined;
      channel?: string | undefined;
      customer?: Customer | undefined;
      attributes?: Record<string, string | number | boolean | null> | undefined;
      language?: string | undefined;
      type: "session.ended";
    };

export type EventProblem = {
  type: string;
  title: string;
  status: number;
  issues: { field: string; message: string }[];
};

export type HandoffRequest = {
  id?: string | undefined;
  session: string;
  at?: string | undefined;
  conversationId?: string | undefined;
  channel?: string | undefined;
  customer?: Customer | undefined;
  attributes?: Record<string, string | number | boolean | null> | undefined;
  language?: string | undefined;
  type?: "handoff.requested" | undefined;
  reason?: string | undefined;
  summary?: string | undefined;
  transcript?: { author: "customer" | "bot" | "agent"; text: string; at?: string | undefined }[] | undefined;
  tags?: string[] | undefined;
  priority?: Priority | undefined;
  queue?: string | undefined;
  contentType?: string | undefined;
  intent?: { name?: string | undefined; confidence?: number | undefined } | undefined;
  sentiment?: number | undefined;
  /** In place of `transcript`. */
  messages?:
    | {
        /** `user` and `assistant` are kept; system prompts, tool calls and their results are not. */ role: string;
        content?:
          | string
          | { type?: string | undefined; text?: string | undefined; [name: string]: unknown }[]
          | null
          | undefined;
        [name: string]: unknown;
      }[]
    | undefined;
};

export type HandoffState = "pending" | "deferred" | "routed" | "assigned" | "returned" | "parked" | "cancelled";

export type Priority = "LOW" | "NORMAL" | "HIGH" | "URGENT";

export type Problem = {
  /** Stable. Everything else may change. */ type: string;
  title: string;
  detail?: string | undefined;
  status: number;
  /** The fields at fault, without their values. */
  issues?: { field: string; message: string }[] | undefined;
  state?: HandoffState | "ready" | "sent" | "done" | "refused" | undefined;
  /** The states that allow the act. */
  allowed?: HandoffState[] | undefined;
  requestId: string;
};

export type Session = {
  bot: string;
  session: string;
  /** Who talks to the customer now. The bot stays silent while it is not `bot`. */
  control: Control;
  conversationId: string | null;
  /** The last one. */
  handoff: { id: string; state: HandoffState; reason: string } | null;
};

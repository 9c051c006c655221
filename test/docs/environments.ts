/** Variables that the framework of a guide gives to the code in it. */
import type { LexV2Event, LexV2Result } from "aws-lambda";
import { expect } from "vitest";
import { createBatonClient } from "../../src/client/client.ts";
import { SECRET } from "../support/world.ts";

interface Environment {
  values: Record<string, unknown>;
  /** Checks the effect, after doing the framework's part. */
  check: () => void | Promise<void>;
}

const environment = { env: { BATON_SECRET: SECRET } };

/** The library throws for any status beyond 2xx. */
const axios = {
  async post(url: string, body: unknown, { headers }: { headers: Record<string, string> }) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return { data: await answer.json() };
  },
};

function botFramework(): Environment {
  const sent: unknown[] = [];
  const kept: unknown[] = [];
  const handoffEvent = {
    type: "event",
    name: "handoff.initiate",
    id: "1",
    channelId: "directline",
    conversation: { id: "chat-1" },
    from: { id: "user-1", role: "user" },
    value: { Skill: "repairs" },
  };
  return {
    values: {
      process: environment,
      handoffEvent,
      context: { sendActivities: async (activities: unknown[]) => sent.push(...activities) },
      controlOfChat: { set: async (_: unknown, control: unknown) => kept.push(control) },
    },
    check() {
      expect(sent).toMatchObject([{ type: "message", text: expect.stringContaining("colleague") }]);
      expect(kept).toEqual(["queue"]);
    },
  };
}

function botpress(): Environment {
  const workflow: Record<string, unknown> = { orderId: "T-5521" };
  return {
    values: {
      axios,
      env: environment.env,
      event: {
        conversationId: "conv_1",
        userId: "user_1",
        messageId: "msg_1",
        integration: "webchat",
        preview: "help",
      },
      conversation: {},
      user: { name: "Mira" },
      workflow,
    },
    check: () => expect(workflow).toMatchObject({ control: "queue", message: expect.stringContaining("colleague") }),
  };
}

function client(): Environment {
  const shown: unknown[] = [];
  return {
    values: { createBatonClient, process: environment, show: (text: unknown) => shown.push(text) },
    check: () => expect(shown).toEqual([expect.stringContaining("colleague")]),
  };
}

function lex(): Environment {
  const exports: { handler?: (event: LexV2Event) => Promise<unknown> } = {};
  const event = (name: string): LexV2Event => {
    const intent = { name, slots: {}, state: "ReadyForFulfillment", confirmationState: "None" } as const;
    return {
      messageVersion: "1.0",
      sessionId: "385955551234",
      inputTranscript: "somebody please",
      inputMode: "Text",
      responseContentType: "text/plain; charset=utf-8",
      invocationSource: "FulfillmentCodeHook",
      bot: { id: "B1", name: "shop", aliasId: "A1", aliasName: "live", localeId: "en_GB", version: "1" },
      interpretations: [{ intent, nluConfidence: 0.9 }],
      transcriptions: [],
      proposedNextState: { intent, dialogAction: { type: "Close" } },
      sessionState: { sessionAttributes: { plan: "gold" }, intent, originatingRequestId: "r1" },
    };
  };
  return {
    values: { exports, process: environment },
    async check() {
      expect(await exports.handler?.(event("OrderStatus"))).toMatchObject({
        sessionState: { dialogAction: { type: "Delegate" }, intent: { name: "OrderStatus" } },
      });
      const handedOver: LexV2Result = {
        sessionState: {
          sessionAttributes: { plan: "gold", baton_control: "queue" },
          dialogAction: { type: "Close" },
          intent: { name: "TalkToAgent", state: "Fulfilled" },
        },
        messages: [{ contentType: "PlainText", content: expect.stringContaining("colleague") }],
      };
      expect(await exports.handler?.(event("TalkToAgent"))).toEqual(handedOver);
    },
  };
}

export const environments: Record<string, () => Environment> = {
  "bot-framework.md": botFramework,
  "botpress.md": botpress,
  "client.md": client,
  "lex.md": lex,
};

/** Records payloads that Baton does not use, without their content. */
import type { Meter } from "../../../metrics/meter.ts";
import type { SessionRecord } from "../../../store/store.ts";
import type { Received } from "../event-answer.ts";
import { hashOf } from "../repeats/dedupe-key.ts";

interface IgnorePayloadDeps {
  record: SessionRecord;
  now: () => number;
  meter: Meter;
}

const IGNORED: Received = { outcome: "ignored", sessionId: null, handoffId: null, message: null, reason: null };

export const createIgnorePayload =
  ({ record, now, meter }: IgnorePayloadDeps) =>
  async (bot: string, source: string, contentId: string): Promise<Received> => {
    const at = now();
    await record.commit((tables) => {
      const key = hashOf(bot, source, "ignored", contentId);
      if (tables.events.byKey(key, null) !== null) return;
      tables.events.add({
        key,
        contentKey: null,
        bot,
        source,
        sessionId: null,
        epoch: null,
        eventId: contentId,
        type: "ignored",
        body: {},
        outcome: "ignored",
        rule: null,
        why: null,
        handoffId: null,
        message: null,
        occurredAt: at,
        receivedAt: at,
      });
    });
    meter.count("events", { bot, source, outcome: "ignored" });
    return IGNORED;
  };

/** A service whose alerts go to a webhook that the test plays. */
import type { Space } from "../../src/alerts/find-conditions.ts";
import type { OutgoingRequest, Sent } from "../../src/callbacks/sender.ts";
import { createWorld } from "../support/world.ts";

const ALERT_SECRET = "the secret of the alerts' webhook";
const LOOK_MS = 10_000;
type WorldOptions = NonNullable<Parameters<typeof createWorld>[1]>;

interface Heard {
  id: string;
  type: string;
  subject: string;
  data: { code: string; state: string; handoff: string | null; count: number } & Record<string, unknown>;
}

export async function createAlertStage(options: WorldOptions & { hasWebhook?: boolean } = {}) {
  const posts: OutgoingRequest[] = [];
  const control: { answer: () => Sent; space: Space | null } = {
    answer: () => ({ kind: "answered", status: 204, retryAfter: null }),
    space: { freeBytes: 50e9, totalBytes: 100e9 },
  };
  const taken: Heard[] = [];
  const world = createWorld(undefined, {
    ...options,
    alerts: {
      webhook:
        options.hasWebhook === false
          ? null
          : {
              url: "https://pager.example/alerts",
              secrets: [ALERT_SECRET],
              send: async (message) => {
                posts.push(message);
                const sent = control.answer();
                if (sent.kind === "answered" && sent.status < 300) taken.push(JSON.parse(message.body));
                return sent;
              },
            },
      publicUrl: "https://baton.example",
      readSpace: () => control.space,
    },
  });
  await world.service.resume();
  return {
    world,
    control,
    posts,
    taken,
    /** Codes and states of the notices that were taken, in order. */
    told: () => taken.map(({ data: { code, state } }) => `${code} ${state}`),
    /** Waits for a look, and for what it posts. */
    async look(times = 1): Promise<void> {
      for (let n = 0; n < times; n += 1) {
        await world.pass(LOOK_MS);
        await world.service.alerts?.idle();
      }
    },
    lines: (code: string) => world.lines.filter(({ fields }) => fields.alert === code),
  };
}

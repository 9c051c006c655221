/** Looks at each account at its own pace. On Workers the account's object does so, for all sessions. */
import type { Log } from "../../log.ts";
import { createRepetition } from "../../schedule/repetition.ts";
import type { Schedule, SchedulerDeps } from "../../schedule/scheduler.ts";
import type { createPoll, PolledAccount } from "./poll-conversations.ts";
import type { MessagePoll } from "./poll-messages.ts";

interface SchedulePollsDeps extends Pick<SchedulerDeps, "now" | "steady"> {
  accounts: ReadonlyMap<string, PolledAccount>;
  poll: Pick<ReturnType<typeof createPoll>, "look" | "waitMs">;
  messages: Pick<MessagePoll, "look" | "waitMs">;
  schedule: Schedule;
  log: Log;
}

export function schedulePolls({ accounts, poll, messages, now, steady, schedule, log }: SchedulePollsDeps): void {
  for (const [name, account] of accounts) {
    if (account.pollEveryMs === 0) continue;
    const repeat = (job: string, waitMs: () => number, look: () => Promise<unknown>, failure: string): void => {
      const run = () => look().catch((err: unknown) => log.error({ account: name, err }, failure));
      schedule(createRepetition({ name: job, run, waitMs, now, steady }));
    };
    repeat(
      "poll-conversations",
      () => poll.waitMs(name, account),
      () => poll.look(name, account),
      "the platform could not be polled; it is tried again",
    );
    const wait = messages.waitMs(name);
    if (wait === null) continue;
    repeat(
      "poll-messages",
      () => wait,
      () => messages.look(name, account),
      "agents' messages could not be read; it is tried again",
    );
  }
}

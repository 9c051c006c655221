/** The metrics of Baton: names, meanings, labels. Label values come from configuration or from closed lists, never from a request. */
interface Definition {
  name: `baton_${string}`;
  help: string;
  labels: readonly string[];
}
interface Distribution extends Definition {
  /** Upper bounds, in seconds. */
  buckets: readonly number[];
}

export const counters = {
  events: {
    name: "baton_events_total",
    help: "Events of bots that were taken, by what became of them: accepted, duplicate, ignored.",
    labels: ["bot", "source", "outcome"],
  },
  pushes: {
    name: "baton_pushes_total",
    help: "Events that the platform pushed, by what became of them: accepted, duplicate, ignored.",
    labels: ["account", "outcome"],
  },
  duplicates: {
    name: "baton_duplicates_suppressed_total",
    help: "Repetitions without a second effect: of an event, of a push, of a request with an Idempotency-Key.",
    labels: ["of"],
  },
  decisions: {
    name: "baton_decisions_total",
    help: "Rules that matched, by their reason and what followed: opened, deferred, joined, declined, suggested.",
    labels: ["flow", "reason", "course"],
  },
  changes: {
    name: "baton_handoff_changes_total",
    help: "Handoffs that came into a state after they were opened.",
    labels: ["bot", "state"],
  },
  steps: {
    name: "baton_steps_total",
    help: "Attempts of steps that ended: ok, refused, unknown.",
    labels: ["account", "kind", "outcome"],
  },
  reconciliations: {
    name: "baton_reconciliations_total",
    help: "Attempts that looked for the effect of an earlier one before they repeated anything.",
    labels: ["account", "kind", "outcome"],
  },
  calls: {
    name: "baton_platform_calls_total",
    help: "Requests to the platform, by how they ended: ok, or the reason of a refused or unknown one.",
    labels: ["account", "operation", "outcome"],
  },
  held: {
    name: "baton_held_turns_total",
    help: "Turns of handoffs that had to wait for their account: wait (limiter or breaker), refused (credentials).",
    labels: ["account", "because"],
  },
  breakerOpened: {
    name: "baton_breaker_opened_total",
    help: "Times that the breaker left an account alone for a while.",
    labels: ["account"],
  },
  callbacks: {
    name: "baton_callbacks_total",
    help: "Tries of callbacks to bots, by what follows: done, retried, set-aside.",
    labels: ["bot", "type", "outcome"],
  },
  problems: {
    name: "baton_problems_total",
    help: "Requests that were answered with a problem, by its kind.",
    labels: ["kind"],
  },
  quotaRefusals: {
    name: "baton_quota_refusals_total",
    help: "Requests of bots beyond their quota.",
    labels: ["bot"],
  },
  commits: {
    name: "baton_commits_total",
    help: "Pieces of work that were committed; several share a batch.",
    labels: [],
  },
} as const satisfies Record<string, Definition>;

export const histograms = {
  timeToRoute: {
    name: "baton_time_to_route_seconds",
    help: "Time from the opening of a handoff, or of the office if it was deferred, to its route.",
    labels: ["bot"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 120, 600],
  },
  timeToAgent: {
    name: "baton_time_to_agent_seconds",
    help: "Time that a customer waited for an agent: from the opening of the handoff, or since an agent gave it back.",
    labels: ["bot"],
    buckets: [5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600],
  },
  callSeconds: {
    name: "baton_platform_call_seconds",
    help: "Duration of requests to the platform.",
    labels: ["account"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  commitSeconds: {
    name: "baton_commit_batch_seconds",
    help: "Duration of a batch of commits, with its wait for the disk.",
    labels: [],
    buckets: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5],
  },
} as const satisfies Record<string, Distribution>;

/** States and sizes, read at each scrape. */
export const gauges = {
  handoffs: {
    name: "baton_handoffs",
    help: "Handoffs in each state but returned, each counted up to 200,000.",
    labels: ["state"],
  },
  late: {
    name: "baton_handoffs_late",
    help: "Handoffs that should have reached an agent by now, counted up to 10,000.",
    labels: [],
  },
  oldestWait: {
    name: "baton_oldest_wait_seconds",
    help: "Longest wait for an agent now; 0: nobody waits.",
    labels: [],
  },
  setAside: {
    name: "baton_callbacks_set_aside",
    help: "Callbacks that were given up and wait for an operator, counted up to 10,000.",
    labels: [],
  },
  accounts: {
    name: "baton_account_state",
    help: "1 for the state of an account: open, held (limiter or breaker), refused (credentials); 0 for the others.",
    labels: ["account", "state"],
  },
  lastPush: {
    name: "baton_last_push_timestamp_seconds",
    help: "Time of the last push of an account since the start; 0: none came.",
    labels: ["account"],
  },
  databaseBytes: {
    name: "baton_database_bytes",
    help: "Size of the record's files.",
    labels: ["file"],
  },
} as const satisfies Record<string, Definition>;

export type Counters = typeof counters;
export type Histograms = typeof histograms;
type Gauges = typeof gauges;
export type LabelsOf<D extends Definition> = { readonly [L in D["labels"][number]]: string };

/** The readings of each gauge at a scrape. */
export type GaugeReadings = {
  readonly [N in keyof Gauges]: readonly { labels: LabelsOf<Gauges[N]>; value: number }[];
};

import { Command, CommanderError } from "commander";
import { Failure } from "./support/print.ts";
import { listenForStop, type StopSignal } from "./support/stop-signal.ts";

/** Loads a command's code when it is called. */
const lazily =
  <A extends unknown[]>(load: () => Promise<(...given: A) => unknown>) =>
  async (...given: A): Promise<void> => {
    await (await load())(...given);
  };

/** Runs a command until a signal stops it. Listens for the signal before anything is loaded or started. */
const untilStopped = <A extends unknown[]>(load: () => Promise<(stop: StopSignal, ...given: A) => unknown>) =>
  lazily(async () => {
    const stop = listenForStop();
    const command = await load();
    return (...given: A) => command(stop, ...given);
  });

const JSON_OPTION = ["--json", "as JSON"] as const;
const ACCOUNT_OPTION = ["--account <name>", "of the environment's", "default"] as const;
const URL_OPTION = ["--url <url>", "where the service is; by default at HOST and PORT"] as const;

interface TestOptions {
  watch?: boolean;
  json?: boolean;
}

const testFlows = lazily(async () => (await import("./commands/test-flows.ts")).testFlows);
const watchFlows = untilStopped(async () => (await import("./commands/test-flows.ts")).watchFlows);

function addFlows(program: Command): void {
  const flows = program.command("flows").description("what the flows say");
  flows
    .command("list")
    .description("every flow with its rules")
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/flows.ts")).listFlows));
  flows
    .command("check")
    .description("whether flows and samples are right")
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/flows.ts")).checkFlows));
  flows
    .command("explain")
    .description("what a payload leads to, or a recorded event led to, and why; nothing is stored or sent")
    .argument("<bot>")
    .argument("[file]", "the payload, as the bot posts it, or - for standard input; without one, an event of --session")
    .option("--source <name>", "the one it is posted to, such as answers or rasa; handoffs: a request", "baton")
    .option("--at <time>", "judge hours as of then, such as 2026-12-24T18:00:00+01:00; default: now")
    .option("--session <id>", "in this session of a running service as it is now; OPERATOR_TOKEN as the service has it")
    .option("--event <id>", "the recorded event of --session to explain; default: the newest")
    .option("--database <file>", "read --session in this file instead of asking a service")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/explain/explain.ts")).explain));
  flows
    .command("test")
    .description("whether flows decide about their sentences, and play their samples, as expected")
    .argument("[flows...]", "names of flows; default: all")
    .option("--watch", "again whenever a file of the flows changes, until Ctrl-C")
    .option(...JSON_OPTION)
    .action((names: string[], options: TestOptions) => (options.watch ? watchFlows(names) : testFlows(names, options)));
  flows
    .command("schema")
    .description("the JSON Schema of a flow, for editors")
    .action(lazily(async () => (await import("./commands/flows.ts")).printFlowSchema));
  flows
    .command("backtest")
    .description("which recorded chats a changed flow would handle differently; nothing is stored or sent")
    .requiredOption("--flow <file>", "the changed flow, such as flows/retail-support/flow.ts of another checkout")
    .option("--since <time>", "a duration such as 7d, or a time", "7d")
    .option("--database <file>", "by default DATABASE_PATH")
    .option("--limit <n>", "how many to list", "50")
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/backtest.ts")).backtestFlow));
}

function addHandoffs(program: Command): void {
  const handoffs = program
    .command("handoffs")
    .description("the handoffs of a running service; OPERATOR_TOKEN as the service has it");
  handoffs
    .command("list")
    .description("the newest first")
    .option("--state <state>", "waiting, pending, deferred, routed, assigned, returned, parked or cancelled")
    .option("--bot <bot>")
    .option("--flow <flow>")
    .option("--reason <reason>")
    .option("--tag <tag>", "those that put this tag on their conversation")
    .option("--late", "those that should have reached an agent by now")
    .option("--limit <n>", "how many, at most 200", "50")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).listHandoffs));
  handoffs
    .command("show")
    .description("one with its ledger: every step and every attempt")
    .argument("<id>")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).showHandoff));
  handoffs
    .command("rebuild")
    .description("on Workers: the sessions' objects, their ids on standard input, tell the lists everything again")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).rebuildLists));
  handoffs
    .command("retry")
    .description("a parked one goes on, from the first step that is not proved")
    .argument("[id]")
    .option("--all", "all parked ones, or those that the other options match")
    .option("--bot <bot>")
    .option("--flow <flow>")
    .option("--reason <reason>")
    .option("--tag <tag>", "those that put this tag on their conversation")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).retryHandoff));
  handoffs
    .command("cancel")
    .description("nothing more is sent for it, and the bot has its customer back")
    .argument("<id>")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).cancelHandoff));
  handoffs
    .command("end")
    .description("a routed or assigned one is over: the bot has its customer back, whose agent does not come back")
    .argument("<id>")
    .option("--close", "close its conversation, which stays with the agents otherwise")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).endHandoff));
  handoffs
    .command("resend")
    .description("callbacks that were set aside are sent to the bot again: one, or all of a handoff")
    .argument("<id>")
    .argument("[callback]", "its id, as show tells it; one that waits for its next try is sent at once")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/handoffs.ts")).resendCallbacks));
}

function addSessions(program: Command): void {
  const sessions = program
    .command("sessions")
    .description("the sessions of a running service; BOT_SECRETS and OPERATOR_TOKEN as the service has them");
  sessions
    .command("show")
    .description("who has the customer, and the last handoff")
    .argument("<bot>")
    .argument("<session>")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/sessions.ts")).showSession));
  sessions
    .command("export")
    .description("everything recorded of it, as JSON, for the person whose data it is; needs OPERATOR_TOKEN")
    .argument("<bot>")
    .argument("<session>")
    .option(...URL_OPTION)
    .action(lazily(async () => (await import("./commands/sessions.ts")).exportSession));
  sessions
    .command("erase")
    .description("everything recorded of it goes for good, once no handoff of it is open; needs OPERATOR_TOKEN")
    .argument("<bot>")
    .argument("<session>")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/sessions.ts")).eraseSession));
}

function addAudit(program: Command): void {
  program
    .command("audit")
    .description("what operators did; OPERATOR_TOKEN as the service has it")
    .command("list")
    .description("the newest first")
    .option("--operator <name>")
    .option("--act <act>", "retry, cancel, end, resend, export, erase, tail or rebuild")
    .option("--handoff <id>")
    .option("--before <id>", "older than this entry")
    .option("--limit <n>", "how many, at most 200", "50")
    .option(...URL_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/audit.ts")).listAudit));
}

function addConversations(program: Command): void {
  const all = program.command("conversations").description("conversations at the platform, an API call a command");
  const command = (name: string, description: string): Command =>
    all
      .command(name)
      .description(description)
      .option(...ACCOUNT_OPTION)
      .option(...JSON_OPTION);
  const withFields = (it: Command): Command =>
    it
      .option("--topic <text>")
      .option("--summary <text>")
      .option("--priority <priority>", "LOW, NORMAL, HIGH or URGENT")
      .option("--status <status>", "OPEN, WAITING, SOLVED or CLOSED")
      .option("--queue <queue>", "by id or by name");

  command("list", "the newest first")
    .option("--status <status...>", "OPEN, WAITING, SOLVED, PENDING or CLOSED")
    .option("--queue <queue>", "by id or by name")
    .option("--tag <tag...>")
    .option("--created-after <time>", "as 2026-11-23T10:00:00Z")
    .option("--limit <n>", "how many, at most 100", "20")
    .action(lazily(async () => (await import("./commands/conversations.ts")).listConversations));
  command("show", "one with its tags, notes and metadata")
    .argument("<id>")
    .action(lazily(async () => (await import("./commands/conversations.ts")).showConversation));
  withFields(command("create", "a new one")).action(
    lazily(async () => (await import("./commands/conversations.ts")).createConversation),
  );
  withFields(command("update", "change what is given").argument("<id>")).action(
    lazily(async () => (await import("./commands/conversations.ts")).updateConversation),
  );
  command("route", "send it to the routing rules, which takes the assignee off")
    .argument("<id>")
    .option("--force", "even where a person has it")
    .action(lazily(async () => (await import("./commands/conversations.ts")).routeConversation));
  command("tag", "add tags that the account has")
    .argument("<id>")
    .argument("<tags...>")
    .action(lazily(async () => (await import("./commands/conversations.ts")).tagConversation));
  command("untag", "take tags off")
    .argument("<id>")
    .argument("<tags...>")
    .action(lazily(async () => (await import("./commands/conversations.ts")).untagConversation));
}

function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "look at configuration, flows, machine and database; changes nothing, and ends with 1 where something fails",
    )
    .option("--live", "also ask each account what it has of what the flows name; reads only")
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/doctor.ts")).doctorCommand));
  const db = program.command("db").description("the database's file; DATABASE_PATH unless --database is given");
  const command = (name: string, description: string): Command =>
    db
      .command(name)
      .description(description)
      .option("--database <file>")
      .option(...JSON_OPTION);
  command("check", "read the whole file and say what is wrong with it")
    .argument("[file]", "another one, such as a backup")
    .action(lazily(async () => (await import("./commands/db.ts")).checkDatabase));
  command("backup", "write a copy of this moment, while a service may go on, and check it")
    .argument("<target>", "the file to write")
    .option("--force", "replace an existing file")
    .action(lazily(async () => (await import("./commands/db.ts")).backupDatabase));
  command("migrate", "bring the file to this version's schema; no service may have it").action(
    lazily(async () => (await import("./commands/db.ts")).migrateDatabase),
  );
}

function addSubscribe(program: Command): void {
  const subscribe = program
    .command("subscribe")
    .description("subscribe Baton to Conversations events; run again, it updates the subscription")
    .option("--url <url>", "where Baton takes them: https://your-host/v1/infobip/<account>/events")
    .option("--name <name>", "of the subscription, its profile and its security; by default baton-<account>")
    .option("--auth <kind>", "how pushes authenticate: hmac, basic or bearer", "hmac")
    .option("--secret-from-env <variable>", "a JSON list, of which the first is used; by default the account's own")
    .option("--dry-run", "show the requests, without secrets, and send nothing")
    .option(...ACCOUNT_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/subscribe.ts")).subscribe));
  subscribe
    .command("list")
    .description("the subscriptions of the account to Conversations events")
    .option(...ACCOUNT_OPTION)
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./commands/subscriptions.ts")).listSubscriptions));
  subscribe
    .command("remove")
    .description("remove one, with the profile and the security of its name")
    .argument("<name>")
    .option(...ACCOUNT_OPTION)
    .action(lazily(async () => (await import("./commands/subscriptions.ts")).removeSubscription));
}

/** Defines the commands. */
function createProgram(): Command {
  const program = new Command("baton")
    .description("Hands a chatbot's conversation to a human agent on Infobip Conversations.")
    .addHelpText("after", "\nExit codes: 0 done; 1 it did not work; 2 called or configured wrongly.")
    // An option after a command's name belongs to that command, even if its parent has the same option.
    .enablePositionalOptions()
    .exitOverride();
  program
    .command("serve")
    .description("serve the HTTP interface; configured by the environment")
    .action(untilStopped(async () => (await import("./commands/serve.ts")).serveCommand));
  program
    .command("demo")
    .description("a chat goes to an agent and back before your eyes, with the emulator as the platform")
    .option("--once", "end after the last step")
    .action(untilStopped(async () => (await import("./demo/demo.ts")).demoCommand));
  program
    .command("emulate")
    .description("serve the emulator of Infobip Conversations alone, on loopback")
    .option("--port <port>", "where it listens", "8788")
    .action(untilStopped(async () => (await import("./commands/emulate.ts")).emulateCommand));
  program
    .command("tail")
    .description(
      "print what bots post to a running service, redacted, a sample a line; OPERATOR_TOKEN as the service has it",
    )
    .option("--bot <bot>", "only what this bot posts")
    .option("--count <n>", "end after so many")
    .option(...URL_OPTION)
    .action(lazily(async () => (await import("./commands/tail.ts")).tail));
  program
    .command("replay")
    .description("play samples and compare their outcomes with the expected ones; show the outcomes of payloads")
    .argument(
      "<path>",
      "a sample, a payload as a bot posts it, a .jsonl with one a line, a folder of these, or - for standard input",
    )
    .option("--bot <bot>", "the bot that posts the payloads, where they do not say it")
    .option("--source <name>", "the source they are posted to, such as rasa; handoffs: requests", "baton")
    .option("--at <time>", "when the first payload comes, such as 2026-12-24T18:00:00+01:00; default: now")
    .option("--against <url>", "play them on a running service, in new sessions; BOT_SECRETS as the service has it")
    .option(
      "--dry-run",
      "write nothing and post nothing: show what would change, or with --against what would be posted",
    )
    .option("--update", "write the outcomes into the samples")
    .option(...JSON_OPTION)
    .action(lazily(async () => (await import("./replay/replay.ts")).replay));
  addFlows(program);
  addHandoffs(program);
  addSessions(program);
  addAudit(program);
  addConversations(program);
  addDoctor(program);
  addSubscribe(program);
  return program;
}

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the mistake. A request for help is no mistake.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof Failure) {
      console.error(error.message);
      process.exitCode = error.code;
    } else throw error;
  }
}

/** Follows the steps of the Dockerfile in an empty folder. It needs no container engine. */
import { execFileSync, execSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { expect, it } from "vitest";
import { atTheEnd, freePort, until } from "../support/process.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(ROOT, name), "utf8");

interface Instruction {
  word: string;
  rest: string;
}
const instructions: Instruction[] = read("Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => ({ word: line.split(" ", 1)[0] ?? "", rest: line.slice(line.indexOf(" ") + 1) }));
const lastOf = (word: string): string => instructions.findLast((it) => it.word === word)?.rest ?? "";

/** Leaves out this project's own programs: npm runs on the Node it came with. */
const PATH_OF_USERS = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.startsWith(ROOT))
  .join(delimiter);

/** Names that the build may see: `.dockerignore` excludes everything else. */
const [leftOut, ...letIn] = read(".dockerignore").trim().split("\n");
const inContext = new Set(letIn.map((line) => line.replace(/^!/, "")));

/** Runs the steps below `image`, where `/` of each stage is a folder. Returns the environment and the last stage's root. */
function build(image: string): { env: Record<string, string>; root: string; workdir: string } {
  const stages = new Map<string, string>();
  let [root, workdir] = ["", "/"];
  let env: Record<string, string> = {};
  for (const { word, rest } of instructions) {
    if (word === "FROM") {
      const name = / AS (\w+)/i.exec(rest)?.[1] ?? "last";
      root = join(image, name);
      stages.set(name, root);
      env = {};
    }
    if (word === "WORKDIR") {
      workdir = rest;
      mkdirSync(join(root, workdir), { recursive: true });
    }
    if (word === "ENV") for (const [, key = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g)) env[key] = value;
    if (word === "COPY") {
      const stage = /^--from=(\w+) /.exec(rest)?.[1];
      const [target = "", ...sources] = rest
        .replace(/^--from=\w+ /, "")
        .split(" ")
        .reverse();
      for (const source of sources) {
        if (stage === undefined) expect(inContext).toContain(source);
        const from = stage === undefined ? join(ROOT, source) : join(stages.get(stage) ?? "", source);
        const to = join(root, workdir, target);
        cpSync(from, target.endsWith("/") ? join(to, basename(source)) : to, {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
    }
    if (word === "RUN") {
      // The user of the image does not exist here, so `chown` is left out.
      const command = rest.replaceAll(" /data", ` ${root}/data`).replace(/ && chown.*/, "");
      execSync(command, {
        cwd: join(root, workdir),
        stdio: "pipe",
        env: { ...process.env, PATH: PATH_OF_USERS },
      });
    }
  }
  return { env, root, workdir };
}

it("makes an image of two stages that starts, is healthy, keeps its record to itself, and stops", {
  timeout: 300_000,
}, async () => {
  expect(leftOut).toBe("*");
  expect(instructions.filter(({ word }) => word === "FROM")).toHaveLength(2);
  expect(lastOf("USER")).toBe("node");
  expect(lastOf("VOLUME")).toBe("/data");
  const image = mkdtempSync(join(tmpdir(), "baton-image-"));
  const { env, root, workdir } = build(image);
  const home = join(root, workdir);
  expect(existsSync(join(home, "node_modules/vitest"))).toBe(false);
  expect(existsSync(join(home, "test"))).toBe(false);

  const port = await freePort();
  const started = {
    ...env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    PORT: String(port),
    DATABASE_PATH: join(root, env.DATABASE_PATH ?? ""),
    INFOBIP_BASE_URL: "https://xxxxx.api.infobip.invalid",
    INFOBIP_API_KEY: "an-api-key-of-nobody",
    BOT_SECRETS: JSON.stringify({ "shop-assistant": ["0123456789abcdef0123"] }),
    OPERATOR_TOKEN: "operator-0123456789abcdef",
  };
  const [command = "", ...args]: string[] = JSON.parse(lastOf("CMD"));
  const child = spawn(command === "node" ? process.execPath : command, args, { cwd: home, env: started });
  atTheEnd(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  await until(async () => ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok ? true : undefined));

  const check: string[] = JSON.parse(lastOf("HEALTHCHECK").replace(/^.*?CMD /, ""));
  const healthy = () => execFileSync(process.execPath, check.slice(1), { env: started, stdio: "pipe" });
  expect(healthy).not.toThrow();
  expect(statSync(join(root, "data")).mode & 0o077).toBe(0);
  expect(statSync(join(root, "data/baton.db")).mode & 0o077).toBe(0);
  child.kill(lastOf("STOPSIGNAL") as NodeJS.Signals);
  expect(await ended).toBe(0);
  expect(healthy).toThrow();
});

/** Runs the examples of proxies in front of a real service. Skipped if the proxy is not installed. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { atTheEnd, baton, freePort, until } from "../support/process.ts";

const OPS = resolve(import.meta.dirname, "../../ops");
const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes !!!").toString("base64")}`;
const PHONE = "+4915112345678";

interface Proxy {
  name: string;
  /** Writes its configuration into a folder for these ports. Returns the command that starts it. */
  prepare: (folder: string, ports: { proxy: number; baton: number }) => string[];
  logFile: string;
}

const proxies: Proxy[] = [
  {
    name: "nginx",
    logFile: "baton.log",
    prepare(folder, ports) {
      const example = readFileSync(join(OPS, "nginx.conf"), "utf8")
        .replace("listen 443 ssl;", `listen 127.0.0.1:${ports.proxy};`)
        .replace(/^ *ssl_.*\n/gm, "")
        .replaceAll("/var/log/nginx/", `${folder}/`)
        .replace("127.0.0.1:8787", `127.0.0.1:${ports.baton}`);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (name) => `${name}_temp_path ${folder};`,
      );
      writeFileSync(
        join(folder, "nginx.conf"),
        `daemon off; pid ${folder}/pid; error_log ${folder}/start.log; events {} http { ${temporary.join(" ")}\n${example}\n}`,
      );
      return ["-p", folder, "-c", join(folder, "nginx.conf")];
    },
  },
  {
    name: "caddy",
    logFile: "baton.log",
    prepare(folder, ports) {
      const example = readFileSync(join(OPS, "Caddyfile"), "utf8")
        .replace("baton.example.com {", `http://127.0.0.1:${ports.proxy} {`)
        .replace("/var/log/caddy/", `${folder}/`)
        .replace("127.0.0.1:8787", `127.0.0.1:${ports.baton}`);
      writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n}\n${example}`);
      return ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
    },
  },
];
const isInstalled = (name: string): boolean => spawnSync("which", [name]).status === 0;

describe.each(proxies)("$name, configured as the example says", ({ name, prepare, logFile }) => {
  it.skipIf(!isInstalled(name))("hands on what is signed, and logs no session", { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "baton-proxy-"));
    mkdirSync(join(folder, "data"));
    const ports = { proxy: await freePort(), baton: await freePort() };
    const service = baton(["serve"], {
      PORT: String(ports.baton),
      DATABASE_PATH: join(folder, "data", "baton.db"),
      BOT_SECRETS: JSON.stringify({ "shop-assistant": [SECRET] }),
      TRUST_PROXY: "1",
    });
    const child = spawn(name, prepare(folder, ports), {
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: "ignore",
    });
    atTheEnd(() => child.kill("SIGTERM"));
    const url = `http://127.0.0.1:${ports.proxy}`;
    await until(async () => ((await fetch(`${url}/livez`).catch(() => null))?.status === 200 ? true : undefined));

    const post = (body: string) => {
      const at = new Date();
      const headers = {
        "content-type": "application/json",
        "webhook-id": "m1",
        "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
        "webhook-signature": new Webhook(SECRET).sign("m1", at, body),
      };
      return fetch(`${url}/v1/bots/shop-assistant/events`, { method: "POST", headers, body });
    };
    const odd = `{ "type" :"customer.message",\r\n\t"session": "${PHONE}", "text": "\\u00fc ü  two  spaces" }\n`;
    const answered = await post(odd);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toMatchObject({ outcome: "accepted" });
    expect((await post(`{"text":"${"x".repeat(5_000_000)}"}`)).status).toBe(413);
    const named = await fetch(`${url}/v1/bots/shop-assistant/sessions/${encodeURIComponent(PHONE)}?x=1`);
    expect(named.status).toBe(401);

    const log = join(folder, logFile);
    const written = await until(() => {
      const text = existsSync(log) ? readFileSync(log, "utf8") : "";
      return text.includes("401") ? text : undefined;
    });
    expect(written).toContain("/v1/bots/shop-assistant/sessions/-");
    expect(written).not.toContain(PHONE.slice(1));
    expect(written).not.toContain("x=1");
    expect(service.output()).not.toContain(PHONE);
  });
});

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(resolve(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json"));

describe("what is installed", () => {
  const packages: [string, { version?: string; integrity?: string; resolved?: string; inBundle?: boolean }][] =
    Object.entries(JSON.parse(read("package-lock.json")).packages);
  const others = packages.filter(([path, { inBundle }]) => path !== "" && !inBundle);

  it("has its hash in the lockfile, and no address of a registry", () => {
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
    expect(others.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it("is named by exact versions", () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  it("runs no script at its installation, but for the one that brings Node", () => {
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    expect(allowed).toEqual([["node", true]]);
  });

  it("brings the Node whose hash is known", async () => {
    const known = new Map(
      read("test/node-binaries.sha256")
        .trim()
        .split("\n")
        .map((line) => [line.split(/\s+/)[1], line.split(/\s+/)[0]]),
    );
    const version = manifest.devDependencies.node;
    expect([...known.keys()].every((name) => name?.endsWith(`@${version}`))).toBe(true);
    const platform = process.platform === "win32" ? "win" : process.platform;
    const expected = known.get(`node-${platform}-${process.arch}@${version}`);
    const path = resolve(ROOT, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
    // SECURITY.md names the platforms without a known hash.
    if (expected === undefined || !existsSync(path)) return;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    expect(hash.digest("hex")).toBe(expected);
  });
});

describe.each(readdirSync(resolve(ROOT, ".github/workflows")))("the workflow %s", (name) => {
  const workflow = read(`.github/workflows/${name}`);

  it("names each action by its commit", () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? ""))).toEqual([]);
  });

  it("has no rights but to read the repository, and no secrets", () => {
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    const granted = [...workflow.matchAll(/^ +(\S+): (?:read|write)$/gm)].map(([line]) => line.trim());
    expect(new Set(granted)).toEqual(new Set(["contents: read"]));
    expect(workflow).not.toMatch(/secrets\.|pull_request_target/);
  });
});

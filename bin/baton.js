#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for the rest can still say so.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`Baton needs Node 22.19 or newer; this is ${process.versions.node}. Start it with: npm start`);
  process.exit(2);
}
// Node keeps what it compiled beside the dependencies: later starts take a third less CPU. It keeps nothing where that folder cannot be written.
const { enableCompileCache, flushCompileCache } = await import("node:module");
enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/baton`);
// A service that is killed has kept it by then.
setTimeout(flushCompileCache, 5_000).unref();
if (process.env.NODE_ENV !== "production") {
  try {
    const { parseEnv } = await import("node:util");
    const { readTextFile } = await import("../src/replay/read-text-file.ts");
    const read = Object.entries(parseEnv(readTextFile(".env"))).filter(([name]) => process.env[name] === undefined);
    for (const [name, value] of read) process.env[name] = value;
    // The folder of the call decides where its secrets go: say which one.
    if (read.length > 0)
      console.error(`Settings are read from ${process.cwd()}/.env: ${read.map(([name]) => name).join(", ")}`);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
const { main } = await import("../src/cli/main.ts");
await main(process.argv);

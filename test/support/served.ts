/** The door over real HTTP, on a port of the loopback. */
import { listen } from "../../src/node-server.ts";
import { createDoor, type DoorOptions } from "./door.ts";
import { atTheEnd } from "./process.ts";

export async function createServedDoor(options: DoorOptions = {}) {
  const door = createDoor(options);
  const server = await listen({ fetch: door.service.fetch, host: "127.0.0.1", port: 0 });
  atTheEnd(() => void server.close());
  return { ...door, url: `http://127.0.0.1:${server.port}` };
}

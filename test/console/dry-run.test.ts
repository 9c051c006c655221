import { expect, it } from "vitest";
import { samples } from "../../src/console/pages/dry-run/samples.ts";
import { createConsoleWorld } from "../support/console-world.ts";
import { OPERATOR_TOKEN } from "../support/world.ts";

it.each(samples.map(({ name, source, body }) => [name, source, body] as const))(
  "has a sample that its source reads: %s",
  async (_, source, body) => {
    const { world } = createConsoleWorld();
    const answer = await world.request(`/v1/flows/retail-support/explain?source=${source}`, {
      method: "POST",
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    const { events, refused } = (await answer.json()) as { events: object[]; refused: object[] };
    expect(events).not.toEqual([]);
    expect(refused).toEqual([]);
  },
);

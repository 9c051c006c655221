import { expect, it } from "vitest";
import { run } from "../support/command-line.ts";

it("tests the sentences and samples of the flows that are named", async () => {
  const { code, output } = await run(["flows", "test", "web-chat"]);
  expect(code, output).toBe(0);
  expect(output).toMatch(
    /^web-chat\n {2}ok {4}sentences\.json {2}\d+ sentences\n {2}ok {4}agent-at-the-last-moment\.json /,
  );
  expect(output).toMatch(/\n\d+ as expected\n$/);
  expect(output).not.toContain("retail-support");
});

it("shows as JSON what was tested", async () => {
  const { output } = await run(["flows", "test", "web-chat", "--json"]);
  expect(JSON.parse(output)[0]).toMatchObject({ flow: "web-chat", name: "sentences.json", problem: null });
});

it("names the flows where it does not know one", async () => {
  expect(await run(["flows", "test", "web"])).toEqual({
    code: 2,
    output: expect.stringMatching(/There is no flow 'web'\. Flows: retail-support, travel-answers/),
  });
});

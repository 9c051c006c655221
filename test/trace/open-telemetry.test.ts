/** Spans with the real SDK of OpenTelemetry, as an operator brings it. */
import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, expect, it } from "vitest";
import { createSpans } from "../../src/trace/open-telemetry.ts";
import { isSdkRegistered } from "../../src/trace/spans.ts";
import { createDoor } from "../support/door.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const exporter = new InMemorySpanExporter();

it("knows that no SDK is registered", () => {
  expect(isSdkRegistered()).toBe(false);
});

afterAll(() => trace.disable());

it("makes each call to the platform a span of the caller's trace, and sends that span's id", async () => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  expect(isSdkRegistered()).toBe(true);
  const door = createDoor({ spans: createSpans() });
  await door.post("/handoffs", { session: "+385915550147" }, { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
  await door.rest();
  const spans = exporter.getFinishedSpans();
  const route = spans.find(({ name }) => name === "infobip route");
  const call = door.emulator.calls.find(({ path }) => path.endsWith("/route"));
  expect(route?.spanContext().traceId).toBe(TRACE);
  expect(route?.parentSpanContext?.spanId).toBe("00f067aa0ba902b7");
  expect(call?.traceparent).toBe(`00-${TRACE}-${route?.spanContext().spanId}-01`);
  expect(JSON.stringify(spans.map(({ name, attributes }) => ({ name, attributes })))).not.toContain("385915550147");
});

it("begins a trace for a handoff whose request had none", async () => {
  exporter.reset();
  const door = createDoor({ spans: createSpans() });
  await door.post("/handoffs", { session: "s1" });
  await door.rest();
  const [span] = exporter.getFinishedSpans();
  expect(span?.parentSpanContext).toBeUndefined();
  expect(door.emulator.calls[0]?.traceparent).toContain(span?.spanContext().traceId);
});

import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

let errors: MockInstance;

beforeEach(() => {
  errors = vi.spyOn(console, "error");
});

/** An error that a test prints is a failure that no test asserted. */
afterEach(() => {
  const calls = errors.mock.calls;
  errors.mockRestore();
  expect(calls, "console.error was called").toEqual([]);
});

import { afterEach, beforeEach, expect } from "vitest";
import { tellOfBrokenRows } from "./hold-rows.ts";

let broken: string[] = [];

beforeEach(() => {
  broken = [];
  tellOfBrokenRows((what) => broken.push(what));
});

afterEach(() => {
  expect(broken, "rows that break their schema were read").toEqual([]);
});

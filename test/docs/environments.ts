/** What the framework of a guide gives to the code that the guide shows. */
interface Environment {
  values: Record<string, unknown>;
  /** Looks at what the code returns, and at what it changed. */
  check: (result: unknown, values: Record<string, unknown>) => void;
}

export const environments: Record<string, (url: string, index: number) => Environment> = {};

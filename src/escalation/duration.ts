import { z } from "zod";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const isUnit = (unit: string): unit is keyof typeof SECONDS => unit in SECONDS;

/** Seconds, or a number with its unit: `"90m"`, `"24h"`, `"7d"`. Always seconds once parsed. */
export const durationSchema = z.union([
  z.number().int().min(1),
  z
    .string()
    .regex(/^[1-9]\d{0,8}[smhd]$/, 'must be seconds, or a number with its unit as in "90m", "24h" or "7d"')
    .transform((text) => {
      const unit = text.slice(-1);
      return Number(text.slice(0, -1)) * (isUnit(unit) ? SECONDS[unit] : 1);
    })
    .pipe(z.number().int()),
]);

/** Adds a line to what happened in a schedule; made only where somebody reads it. */
export type Tell = (what: () => string) => void;

/** Adds a line to the story of a schedule; builds it only if somebody reads it. */
export type Tell = (what: () => string) => void;

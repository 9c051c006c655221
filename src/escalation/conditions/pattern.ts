/** Matches customers' contacts as flows name them: whole, or with `*` at the beginning or end for anything. Pure. */

/** Digits with the separators that people write in phones. */
const PHONE = /^\+?[\d\s()./-]{5,}$/;

/** Reduces a phone to its digits, whether it begins with `+`, `00` or neither; anything else loses case and outer space. */
function plain(value: string, isPhone: boolean): string {
  const trimmed = value.trim().toLowerCase();
  return isPhone ? trimmed.replace(/[^\d]/g, "").replace(/^00/, "") : trimmed;
}

const partsOf = (pattern: string) => {
  const trimmed = pattern.trim();
  const isOpenBefore = trimmed.startsWith("*");
  const isOpenAfter = trimmed.length > 1 && trimmed.endsWith("*");
  return { isOpenBefore, isOpenAfter, text: trimmed.slice(isOpenBefore ? 1 : 0, isOpenAfter ? -1 : undefined) };
};

export const isPattern = (pattern: string): boolean => {
  const { text } = partsOf(pattern);
  return text.trim() !== "" && !text.includes("*");
};

/** Tells whether a contact is the one that a pattern names. */
export function fitsPattern(pattern: string, value: string): boolean {
  const { isOpenBefore, isOpenAfter, text } = partsOf(pattern);
  const isPhone = PHONE.test(value.trim());
  const [wanted, known] = [plain(text, isPhone), plain(value, isPhone)];
  if (wanted === "" || known === "") return false;
  if (isOpenBefore && isOpenAfter) return known.includes(wanted);
  if (isOpenBefore) return known.endsWith(wanted);
  return isOpenAfter ? known.startsWith(wanted) : known === wanted;
}

import { isDigit } from "../digits.ts";
import { foldWord, isLetter } from "../words/fold-word.ts";
import { ID, labelWords, PHONE } from "../words/label-words.ts";
import { labelBefore } from "../words/labels.ts";

const LONGEST_CODE = 5;
/** Scripts from here on are written without spaces. */
const UNSPACED = 0x0e00;
const LONGEST_URL = 150;
/** Countries whose code people glue to a number with its trunk zero. */
const COUNTRIES =
  /^(?:HR|SI|RS|BA|ME|MK|DE|AT|CH|NL|BE|FR|UK|GB|IE|SE|FI|TR|AU|NZ|ZA|IN|ID|VN|TH|JP|KR|CN|RO|BG|UA|SK|CZ)$/;
const NUMBER_WORDS = /^(?:broj|br|number|no|nr|numero|nummer)$/;

/** True if digits continue an id that letters or signs begin: `ORD-4500`, `INV2026`, `#42`, `1Z999`. */
export function continuesId(plain: string, start: number, hasTrunkZero: boolean): boolean {
  let at = start;
  const sign = plain.charAt(at - 1);
  if (sign === "#" || sign === "&" || sign === "=" || sign === "@") return true;
  if (sign === "-" || sign === "_" || sign === "/") at -= 1;
  let first = at;
  while (first > 0 && at - first <= 24 && isLetter(plain.charCodeAt(first - 1))) first -= 1;
  if (first === at) {
    // A dash or slash behind digits: this is the rest of an earlier number.
    return at < start && isDigit(plain.charCodeAt(at - 1));
  }
  const word = plain.slice(first, at);
  // Scripts without spaces glue every word.
  if (word.charCodeAt(word.length - 1) >= UNSPACED) return false;
  const name = foldWord(word);
  if (labelWords.of(name) & PHONE || NUMBER_WORDS.test(name)) {
    return at < start && labelBefore(plain, first) === "id";
  }
  if (isDigit(plain.charCodeAt(first - 1))) return true;
  if (at === start && hasTrunkZero && COUNTRIES.test(word)) return false;
  return (labelWords.of(name) & ID) !== 0 || (word.length <= LONGEST_CODE && word === word.toUpperCase());
}

/** True if a web address reaches `start`: its digits are ids, but those of `wa.me/` or `tel=` are a phone's. */
export function urlBefore(plain: string, start: number): "none" | "page" | "call" {
  if (start === 0 || !/[/=?&#%._~:+\w-]/.test(plain.charAt(start - 1))) return "none";
  let first = start;
  while (first > 0 && start - first < LONGEST_URL && plain.charCodeAt(first - 1) > 32) first -= 1;
  const before = plain.slice(first, start);
  if (!/:\/\/|^\(?www\.|^[\w-]+(?:\.[\w-]+)+\/|[?&][\w.-]+=/i.test(before)) return "none";
  return /(?:wa\.me\/|(?:phone|tel|mobile|msisdn)[=:/])\+?$/i.test(before) ? "call" : "page";
}

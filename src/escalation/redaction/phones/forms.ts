/** Groupings of national numbers without a trunk zero, by country. */
interface Form {
  /** Sizes of the groups. */
  sizes: string;
  gaps: RegExp;
  digits: RegExp;
}

const SPACES = /^ +$/;
const SPACES_OR_DASHES = /^(?: +|-+)$/;
const PLAIN = /^[ -]+$/;

const forms: readonly Form[] = [
  // United States, Canada; Italy, Colombia
  { sizes: "3-3-4", gaps: /^[-]+$/, digits: /^[1-9]/ },
  { sizes: "3-3-4", gaps: /^(?: +|\.+)$/, digits: /^[2-9]/ },
  { sizes: "1-3-3-4", gaps: /^(?: +|-+|\.+| -+)$/, digits: /^1[2-9]/ },
  // Russia
  { sizes: "1-3-3-2-2", gaps: PLAIN, digits: /^[78][3489]/ },
  // Spain, Portugal, Poland, the Czech Republic, Slovakia
  { sizes: "3-3-3", gaps: SPACES_OR_DASHES, digits: /^[5-9]\d\d\d{3}(?!000)/ },
  { sizes: "3-2-2-2", gaps: SPACES, digits: /^[4-9]/ },
  { sizes: "3-2-3", gaps: SPACES, digits: /^[489]\d*[1-9]\d?$/ },
  // Switzerland, Spain, Turkey, Belgium
  { sizes: "2-3-2-2", gaps: SPACES, digits: /^[2-9]/ },
  { sizes: "3-3-2-2", gaps: PLAIN, digits: /^[2-9]/ },
  // Hungary, Israel, Croatia without the zero
  { sizes: "2-3-4", gaps: SPACES_OR_DASHES, digits: /^[2-9]/ },
  // Denmark, Norway, France without the zero
  { sizes: "2-2-2-2", gaps: SPACES, digits: /^[1-9]/ },
  { sizes: "1-2-2-2-2", gaps: SPACES, digits: /^[1-79]/ },
  // Singapore, Hong Kong
  { sizes: "4-4", gaps: SPACES_OR_DASHES, digits: /^[689]\d{3}(?!\d\d00)/ },
  // India
  { sizes: "5-5", gaps: SPACES, digits: /^[6-9]/ },
  // Brazil, Mexico
  { sizes: "2-5-4", gaps: PLAIN, digits: /^[1-9]{2}9/ },
  { sizes: "2-4-4", gaps: PLAIN, digits: /^[1-9]{2}[2-9]/ },
  // China
  { sizes: "3-4-4", gaps: SPACES_OR_DASHES, digits: /^1[3-9]/ },
];

export const hasPhoneForm = (sizes: readonly number[], gaps: readonly string[], digits: string): boolean => {
  const shape = sizes.join("-");
  const plainGaps = gaps.map((gap) => gap.replace(/[()]/g, "") || " ");
  return forms.some(
    (form) => form.sizes === shape && form.digits.test(digits) && plainGaps.every((gap) => form.gaps.test(gap)),
  );
};

/**
 * National numbers without a trunk zero, for `phonesOf`: a bare `612345678` is a phone in Spain and an order's number elsewhere.
 * The plans list the first digits and lengths in use.
 */
const plans = {
  AR: /^(?:11|[2-9]\d{1,2})\d{7,8}$/,
  AT: /^[1-9]\d{8,11}$/,
  AU: /^4\d{8}$|^[2378]\d{8}$/,
  BE: /^4\d{8}$|^[1-9]\d{7}$/,
  BR: /^[1-9]{2}9?\d{8}$/,
  CA: /^1?[2-9]\d\d[2-9]\d{6}$/,
  CH: /^[2-9]\d{8}$/,
  CL: /^[29]\d{8}$/,
  CN: /^1[3-9]\d{9}$/,
  CO: /^3\d{9}$/,
  CZ: /^[2-79]\d{8}$/,
  DE: /^1[567]\d{8,9}$/,
  DK: /^[2-9]\d{7}$/,
  EE: /^5\d{6,7}$/,
  ES: /^[6-9]\d{8}$/,
  FI: /^[45]0?\d{7,9}$/,
  FR: /^[1-79]\d{8}$/,
  GB: /^7\d{9}$/,
  GR: /^[26]\d{9}$/,
  HK: /^[2-9]\d{7}$/,
  HR: /^9[125789]\d{6,7}$/,
  HU: /^(?:06)?(?:20|30|31|50|70)\d{7}$/,
  ID: /^8\d{8,11}$/,
  IE: /^8[35-9]\d{7}$/,
  IN: /^[6-9]\d{9}$/,
  IS: /^[4-8]\d{6}$/,
  IT: /^3\d{8,9}$/,
  LT: /^6\d{7}$/,
  LV: /^[26]\d{7}$/,
  MT: /^[279]\d{7}$/,
  MX: /^[2-9]\d{9}$/,
  NL: /^6\d{8}$/,
  NO: /^[2-9]\d{7}$/,
  PE: /^9\d{8}$/,
  PL: /^[2-8]\d{8}$/,
  PT: /^[29]\d{8}$/,
  RO: /^[237]\d{8}$/,
  RS: /^6\d{7,8}$/,
  RU: /^[78]?[489]\d{9}$/,
  SE: /^7[02369]\d{7}$/,
  SG: /^[3689]\d{7}$/,
  SI: /^(?:[3-7][01]|51|6[458])\d{6}$/,
  SK: /^9\d{8}$/,
  TR: /^5\d{9}$/,
  UA: /^[3-9]\d{8}$/,
  US: /^1?[2-9]\d\d[2-9]\d{6}$/,
  VN: /^[35789]\d{8}$/,
  ZA: /^[6-8]\d{8}$/,
} as const satisfies Record<string, RegExp>;

export type PhoneCountry = keyof typeof plans;
export const phoneCountries = Object.keys(plans) as PhoneCountry[];

export const isNationalNumber = (digits: string, countries: readonly PhoneCountry[]): boolean =>
  countries.some((country) => plans[country].test(digits));

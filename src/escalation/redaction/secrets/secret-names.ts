/** Names of attributes whose values are secrets, in lower case without separators. */
const SECRET_NAMES = new Set(
  (
    "pin mpin puk otp tan password passwd passwort pwd passcode passphrase lozinka zaporka geslo heslo haslo senha contrasena motdepasse " +
    "wachtwoord parola sifre cvv cvv2 cvc cvc2 cvn csc secret apikey accesstoken authtoken securitycode verificationcode onetimecode smscode"
  ).split(" "),
);
/** `pinCode` and `card_cvv_value` name a PIN and a CVV; `pinVerified` does not. */
const ENDINGS = new Set(["code", "number", "no", "nr", "value", "kod", "broj"]);

/** True if an attribute's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const [last = "", before = "", first = ""] = words.toReversed();
  const endings = [last, before + last, first + before + last];
  return endings.some((it) => SECRET_NAMES.has(it)) || (ENDINGS.has(last) && SECRET_NAMES.has(before));
}

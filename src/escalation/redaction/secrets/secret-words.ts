/** Words of secrecy as people write them, as patterns for texts without accents and case. */

/** A few digits follow these: PINs, one-time codes, security codes of cards. */
const CODES = [
  "(?:atm[ -]?|sim[ -]?|m)?pin(?:[ -]?(?:code|kod|broj|number|nummer|no|je))?",
  "pin-?(?:code|kod|cod|nummer)\\p{L}{0,3}",
  "puk(?:[ -]?(?:code|kod))?",
  "otp(?:[ -]?(?:code|kod))?",
  "(?:m|sms-?|push)tan|tan(?=[ :]{1,3}(?:(?:is|ist|lautet) )?\\d{6}(?!\\d))",
  "cvv2?|cvc2?|cvn|csc",
  "passcode",
  "(?:security|verification|verify|auth|authentication|authorisation|authorization|login|log-in|sign-?in|access|one[ -]time|otp|sms|text|2fa|mfa|secret|recovery|backup|unlock)[ -](?:code|pin|number|password|passcode)",
  "(?:sigurnosni|kontrolni|verifikacijski|autentifikacijski|autorizacijski|jednokratni|pristupni|tajni|sms)[ -](?:kod|broj|pin)\\p{L}{0,2}",
  "kod za (?:prijavu|potvrdu|aktivaciju)",
  "(?:sicherheits|einmal|bestätigungs|bestaetigungs|verifizierungs|zugangs|freischalt|sms-?|login-?)code",
  "(?:karten)?prüf(?:nummer|ziffer)|kartenpruefnummer",
  "c[oó]digo (?:(?:de|del) )?(?:seguridad|verificaci[oó]n|acceso|confirmaci[oó]n|sms|pin|seguran[cç]a|verifica[cç][aã]o|acesso|autentica[cç][aã]o)",
  "code (?:secret|confidentiel|de v[eé]rification|de s[eé]curit[eé]|d'acc[eè]s|sms|pin|[aà] usage unique)|cryptogramme(?: visuel)?",
  "codice (?:(?:di |d')?(?:verifica|sicurezza|accesso)|otp|segreto|pin|sms)",
  "kod (?:weryfikacyjny|sms|pin|bezpiecze[nń]stwa|autoryzacyjny|dost[eę]pu)",
  "(?:ov[eě][rř]ovac[ií]|bezpe[cč]nostn[ií]|autoriza[cč]n[ií]|overovac[ií]|bezpe[cč]nostn[yý]) k[oó]d",
  "(?:varnostna|potrditvena|enkratna) koda",
  "(?:do[gğ]rulama|onay|g[uü]venlik|sms) (?:kodu|[sş]ifresi)\\p{L}{0,2}",
  "kode (?:otp|verifikasi|keamanan|akses)",
  "m[aã] (?:otp|pin|x[aá]c (?:th[uự]c|nh[aậ]n|minh))",
  "(?:beveiligings|verificatie|toegangs|inlog)code|pincode",
  "(?:engangs|sikkerheds|sikkerhets|s[aä]kerhets|eng[aå]ngs|bekr[aä]ftelse)ko(?:de|d)",
  "tunnusluku|vahvistuskoodi|turvakoodi|ellen[oő]rz[oő] k[oó]d|biztons[aá]gi k[oó]d",
  "cod(?:ul)? (?:de verificare|de securitate|pin|otp|sms)",
  "пин(?:[ -]?код)?|пін(?:[ -]?код)?|код (?:из смс|подтверждения|безопасности|доступа|з смс)|κωδικός (?:ασφαλείας|επαλήθευσης)",
  "رمز (?:التحقق|الأمان|التأكيد)|الرقم السري|קוד (?:אימות|סודי)",
  "验证码|驗證碼|校验码|安全码|認証コード|確認コード|暗証番号|인증번호|पिन|ओटीपी|รหัส ?otp",
];

/** Letters, digits and signs follow these. */
const PASSWORDS = [
  "(?<!(?:boarding|season|day|week|ski|bus|travel|press) )pass(?=\\s*[:=])",
  "passwords?|passwd|passphrase|pwd|pswd",
  "passwor[dt]\\p{L}{0,2}|kennw[oö]rt\\p{L}{0,2}|zugangspasswort|passwort\\p{L}{0,2}",
  "lozink\\p{L}{1,3}|zapork\\p{L}{1,3}|[sš]ifr[aue]|gesl[oau]",
  "mot de passe|mdp|contrase[nñ]a|clave(?: (?:de acceso|secreta|personal|din[aá]mica))?|senha|palavra[- ]passe",
  "parola|parolă|parol[aăei]|has[lł](?:o|a|em)|hesl(?:o|a|em)",
  "jelsz[oó]\\p{L}{0,4}|wachtwoord|l[oö]senord\\p{L}{0,2}|adgangskode|kodeord|passord\\p{L}{0,2}|salasana\\p{L}{0,3}",
  "[sş]ifre(?:m|si|niz|miz|mi)?|kata sandi|sandi|m[aậ]t kh[aẩ]u",
  "парол[ьяи]|лозинк[аеу]|парола|κωδικ[οό]ς(?: πρόσβασης)?|συνθηματικ[οό]",
  "كلمة (?:المرور|السر|مرور|سر)|סיסמ[הא]|密码|密碼|パスワード|비밀번호|비번|पासवर्ड|รหัสผ่าน",
  "api[ -]?key|secret[ -]?key|access[ -]?token|auth[ -]?token|api[ -]?token|bearer",
];

const words = (list: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}]|\\d-)(?:${list.join("|")})(?![\\p{L}\\p{M}])`, "giu");

export const codeWords = words(CODES);
export const passwordWords = words(PASSWORDS);

/** Stands between the word and its value. */
const LINK =
  "is|was|are|the|a|my|our|your|new|old|current|number|no|nr|code|for|of|card|account|app|bank|online|banking|atm|as|" +
  "je|bio|su|moj|moja|moje|novi|nova|za|od|karticu|kartice|kartici|račun|broj|kod|" +
  "ist|lautet|war|mein|meine|für|fuer|der|die|das|karte|konto|neue|neuer|" +
  "es|era|mi|la|el|de|tarjeta|nueva|é|e|o|minha|meu|do|da|cartão|est|mon|ma|carte|è|il|mio|mia|carta|" +
  "jest|to|moje|mój|do|karty|je|moje|karte|är|er|min|mitt|til|adalah|saya|là|của|tôi|benim|это|мой|от|карты|είναι|μου|हे|है|は|是|为|";
/** Allows at most five words, and a sign: a colon, an equals sign, an arrow. */
export const LINKS = new RegExp(
  `(?:\\s{1,3}(?:${LINK.slice(0, -1)})(?![\\p{L}\\p{M}])){0,5}\\s{0,3}(?:[:=>#]|->|=>|-(?= )|は|是|为|:=)?\\s{0,3}`,
  "iuy",
);

import { foldWord, isLetter, wordKinds } from "./fold-word.ts";

const AFTER = 1;
const BEFORE = 2;
const after = `
  eur euro* eura usd dollar* dolar* dólar* gbp pound* funt* chf fr franken* franc* frank* hrk kn kuna* kune lipa rsd din dinar* bam km mkd den* czk kč kc korun* koron* pln zł zl zlot* zloty* huf ft forint* ron lei leu lev* bgn лв
  dkk nok sek isk kr kron* rub руб* рубл* uah грн грив* tl lira* jpy yen cny rmb yuan krw won 원 円 元 inr rs rupee* rupi* idr rp rupiah vnd đ dong đồng php peso* mxn ars clp brl reais thb baht sgd hkd aud cad nzd zar aed sar ils nis shekel*
  cent* million* milijun* milion* milliard* billion* mio mrd thousand tausend tisuć* mil mille lakh crore
  kwh mwh wh kw km cm mm kg gr mg ml dl ha mb gb tb kb px dpi hz mhz ghz watt volt bar °c c % percent posto pcs pc kom komad* stück* stuck* pièces pieces unidades sztuk* szt ks db st stk people persons osob* times puta
  min minutes minut* hours sati stunden std sec sekund* days dana tage noći nights points bodova punkte miles
`;
/** Currencies that come before the amount, and words for one. */
const before =
  "eur euro usd dollar* gbp chf fr hrk rsd czk pln huf ron bgn dkk nok sek isk kr rub uah try tl jpy cny rmb krw inr rs rupees idr rp vnd php mxn ars clp cop brl thb sgd hkd aud cad nzd zar aed sar ils total iznos betrag amount* summe suma montant importe importo cijena price preis prix precio";
const amountWords = wordKinds([
  [AFTER, after],
  [BEFORE, before],
]);
const SIGN = /\p{Sc}/u;
const CENTS = /^(?:,\d{1,2}|\.\d\d|,-|\.-)(?!\d)/;

/** Tells whether a currency or a unit stands behind. */
export function isAmountAfter(plain: string, end: number): boolean {
  if (CENTS.test(plain.slice(end, end + 4))) return true;
  const at = plain.charAt(end) === " " ? end + 1 : end;
  if (SIGN.test(plain.charAt(at)) || plain.charAt(at) === "%") return true;
  let last = at;
  while (last < plain.length && last - at < 12 && isLetter(plain.charCodeAt(last))) last += 1;
  return last > at && (amountWords.of(foldWord(plain.slice(at, last))) & AFTER) !== 0;
}

/** Tells whether a currency stands before. */
export function isAmountBefore(plain: string, start: number): boolean {
  let at = start;
  while (at > 0 && start - at < 3 && " .:=".includes(plain.charAt(at - 1))) at -= 1;
  if (SIGN.test(plain.charAt(at - 1))) return true;
  let first = at;
  while (first > 0 && at - first < 12 && isLetter(plain.charCodeAt(first - 1))) first -= 1;
  return first < at && (amountWords.of(foldWord(plain.slice(first, at))) & BEFORE) !== 0;
}

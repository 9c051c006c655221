/** Hosts of private mailboxes, by their name before the first dot. They are no shops: nobody buys `@ gmail.com`. */
const hosts = new Set(
  (
    "gmail googlemail hotmail outlook live msn yahoo ymail icloud me mac aol gmx web t-online freenet posteo mailbox proton protonmail pm " +
    "tutanota zoho fastmail hey qq 163 126 sina foxmail naver daum hanmail rediffmail uol bol terra ig libero virgilio tiscali alice tin " +
    "orange wanadoo free sfr laposte bluewin hispeed net inet email mail inbox bk list rambler yandex ya ukr seznam centrum volny post azet " +
    "zoznam wp o2 onet interia op vip tlen freemail citromail siol telemach optinet abv btinternet sky virginmedia ntlworld comcast verizon " +
    "att sbcglobal bigpond optusnet telia telenet skynet ziggo kpnmail planet hetnet xs4all online start mynet superonline"
  ).split(" "),
);
/** A host that could be a shop's is one for mail only with these endings. */
const AMBIGUOUS = new Set(
  "me mac live net email mail list post online start free orange sky planet vip web hey ya bk start".split(" "),
);
const ENDINGS: Readonly<Record<string, RegExp>> = {
  me: /^com$/,
  mac: /^com$/,
  live: /^(?:com|[a-z]{2}|co\.uk)$/,
  net: /^hr$/,
  email: /^(?:cz|com)$/,
  mail: /^(?:ru|com|ee|bg|de)$/,
  free: /^fr$/,
  orange: /^(?:fr|pl|es|net)$/,
  sky: /^com$/,
  web: /^de$/,
  vip: /^hr$/,
  ya: /^(?:ru|com)$/,
  bk: /^ru$/,
  online: /^(?:no|de)$/,
  post: /^(?:cz|sk|com)$/,
};

export function isMailHost(host: string): boolean {
  const [name = "", ...rest] = host.toLowerCase().split(".");
  if (!hosts.has(name)) return false;
  return !AMBIGUOUS.has(name) || (ENDINGS[name]?.test(rest.join(".")) ?? false);
}

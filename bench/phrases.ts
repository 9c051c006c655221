/** Measures the search for a flow's phrases in a long message, beside a search for each of them in turn. */
import { printTable } from "../src/cli/support/print.ts";
import { readInOnePass } from "../src/escalation/phrases/one-pass.ts";
import { partWords } from "../src/escalation/phrases/part-words.ts";
import { phraseIn } from "../src/escalation/phrases/phrase-in.ts";
import { readingsOf } from "../src/escalation/phrases/readings.ts";
import type { Options } from "./options.ts";
import { median, ms, ratio } from "./statistics.ts";

const PHRASES = 10_000;
const LENGTH = 4_000;
const ROUNDS = 41;

const MESSAGES: Record<string, string> = {
  English: "I don't want to wait any longer, my parcel is late and nobody tells me where it is. ",
  German: "Ich hätte gerne gewusst, warum für meine Überweisung so viel Gebühr genommen wurde. ",
  Russian: "Хочу узнать, почему моя карта не работает и когда мне пришлют новую домой. ",
  Arabic: "أريد أن أعرف لماذا لا تعمل بطاقتي ومتى سترسلون لي بطاقة جديدة إلى المنزل. ",
  Hindi: "मैं जानना चाहता हूँ कि मेरा कार्ड काम क्यों नहीं कर रहा है और नया कब आएगा। ",
  Korean: "카드를 잃어버렸어요 상담원이랑 이야기하고 싶어요 ㅠㅠ ",
  Chinese: "我想转人工客服，你们的机器人听不懂我在说什么，我的银行卡昨天丢了，请马上帮我挂失。",
  Thai: "ขอคุยกับเจ้าหน้าที่ครับบัตรของผมหายเมื่อวานนี้ช่วยอายัดบัตรให้ด้วย",
  "with emoji": "Where is my parcel? 😡😡 I am so angry 🤬 please help me now 🙏 ",
};

const APART = { isJoined: false, hasTwoLetters: false, hasSymbols: false };

/** No message has one of these: each is searched for to the end. */
const plain = Array.from({ length: PHRASES }, (_, index) => `speak to w${index.toString(36)} please`);
const mixed = plain.map((phrase, index) => {
  const word = `w${index.toString(36)}`;
  return [`${word}*`, `*x${word}`, `*x${word}*`, `lost … ${word}`, `人工${word}`][index % 10] ?? phrase;
});

function timeOf(rounds: number, work: () => unknown): number {
  const times = Array.from({ length: rounds + 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times.slice(5));
}

export function phrases({ rounds = ROUNDS }: Options): Promise<void> {
  const oneByOne = plain.map((phrase) => ` ${phrase} `);
  const rows = Object.entries(MESSAGES).map(([name, sentence]) => {
    const message = sentence.repeat(Math.ceil(LENGTH / sentence.length)).slice(0, LENGTH);
    const readings = readingsOf(message);
    const reading = timeOf(rounds, () => readingsOf(message));
    const onePass = timeOf(rounds, () => readInOnePass(message, APART));
    const expressions = timeOf(rounds, () => partWords(message, APART));
    const searching = timeOf(rounds, () => readings.map((words) => phraseIn(words, mixed)));
    const [first = ""] = readings;
    const inTurn = timeOf(Math.min(rounds, 11), () => oneByOne.find((phrase) => first.includes(phrase)));
    const read = [ms(reading), ratio(expressions / onePass)];
    return [name, String(readings.length), ...read, ms(searching), ms(inTurn), ratio(inTurn / searching)];
  });
  console.log(
    `\n${PHRASES.toLocaleString("en")} phrases, half of them with wildcards, in a message of ${LENGTH.toLocaleString("en")} characters, which is read once however many rules look into it. By expressions: one reading of it, as a text is read whose characters depend on others. In turn: the plain phrases only, each looked for by itself.`,
  );
  printTable(
    ["message", "readings", "to read", "by expressions to one pass", "to search", "in turn", "in turn to search"],
    rows,
  );
  return Promise.resolve();
}

/** Phrases as people type them, in many languages. Each row has texts that must match, and texts that must not. */

interface Row {
  phrase: string;
  found: string[];
  notFound: string[];
}

export const languages: Record<string, Row[]> = {
  English: [
    {
      phrase: "agent",
      found: ["AGENT!!", "the agent's name", "an “agent”"],
      notFound: ["agentless", "agents", "reagent"],
    },
    { phrase: "advis*", found: ["an adviser", "advisors?"], notFound: ["I need advice", "misadvised"] },
    {
      phrase: "don't understand",
      found: ["I don’t understand", "dont understand", "don`t understand"],
      notFound: ["do not understand", "don understand"],
    },
    { phrase: "dont want", found: ["I don't want it", "I dont want"], notFound: ["I won't want"] },
    {
      phrase: "lost … card",
      found: ["lost card", "I lost my card", "lost my credit card", "I've LOST my new debit card!"],
      notFound: ["lost my old and battered credit card", "card lost", "lost cards", "lost"],
    },
    { phrase: "lost ... card*", found: ["we lost both of our cards"], notFound: ["we lost both of our nice cards"] },
    { phrase: "talk to … person", found: ["talk to a real person", "TALK TO PERSON"], notFound: ["talk to personnel"] },
  ],
  German: [
    {
      phrase: "*berater*",
      found: ["Berater", "eine Beraterin", "mein Kundenberater", "BERATERN"],
      notFound: ["Beratung", "Rater"],
    },
    {
      phrase: "Kündigung",
      found: ["Kündigung", "Kuendigung", "KÜNDIGUNG", "Kundigung", "Ku\u0308ndigung"],
      notFound: ["Kündigungen", "Kund"],
    },
    { phrase: "Kuendigung", found: ["Kündigung", "Kuendigung"], notFound: ["Kendigung"] },
    { phrase: "gestohlen", found: ["Meine Karte wurde gestohlen."], notFound: ["stehlen"] },
    { phrase: "große Sorge", found: ["GROSSE SORGE", "grosse Sorge", "große Sorge"], notFound: ["großer Sorge"] },
    { phrase: "du", found: ["kannst du"], notFound: ["the bill is due"] },
  ],
  Croatian: [
    {
      phrase: "savjetnik*",
      found: ["savjetnik", "sa savjetnikom", "trebam SAVJETNIKA"],
      notFound: ["savjet", "savjetovanje"],
    },
    {
      phrase: "izgubi* … kartic*",
      found: ["Izgubila sam karticu", "izgubio sam svoju karticu", "izgubili smo kartice"],
      notFound: ["izgubila sam ključ", "kartica"],
    },
    { phrase: "đak", found: ["djak", "dak", "ĐAK"], notFound: ["jak"] },
    { phrase: "gospodja", found: ["gospođa", "Gospodja"], notFound: ["gospoda"] },
    { phrase: "čovjek", found: ["covjek", "ČOVJEK"], notFound: ["čovječe"] },
  ],
  Serbian: [{ phrase: "оператер*", found: ["са оператером", "Оператер!"], notFound: ["операција"] }],
  Slovenian: [{ phrase: "svetovalc*", found: ["s svetovalcem", "svetovalca prosim"], notFound: ["svetovanje"] }],
  Polish: [
    { phrase: "konsultant*", found: ["z konsultantem", "KONSULTANTKA"], notFound: ["konsultacja"] },
    { phrase: "zgłosić", found: ["zglosic", "ZGŁOSIĆ"], notFound: ["zgłoszenie"] },
  ],
  Czech: [{ phrase: "operátor*", found: ["s operatorem", "OPERÁTORA"], notFound: ["operace"] }],
  Hungarian: [{ phrase: "ügyintéző*", found: ["ügyintézővel", "ugyintezot", "ügyintéző"], notFound: ["ügyfél"] }],
  Romanian: [{ phrase: "operatorul", found: ["cu operatorul"], notFound: ["operatorului"] }],
  Turkish: [
    { phrase: "temsilci*", found: ["müşteri temsilcisine", "TEMSİLCİ", "temsilciyle"], notFound: ["temsil"] },
    { phrase: "ısrar", found: ["ISRAR", "israr"], notFound: ["asrar"] },
  ],
  Finnish: [{ phrase: "*henkilö*", found: ["henkilön kanssa", "asiakashenkilö", "henkiloa"], notFound: ["henki"] }],
  Swedish: [{ phrase: "människa", found: ["en manniska", "MÄNNISKA", "maenniska"], notFound: ["människor"] }],
  Danish: [{ phrase: "rådgiver*", found: ["raadgiver", "en rådgiveren", "radgiver"], notFound: ["råd"] }],
  Norwegian: [{ phrase: "ønsker", found: ["jeg oensker", "ØNSKER", "onsker"], notFound: ["ønske"] }],
  Spanish: [
    { phrase: "agente", found: ["¿un AGENTE?", "agénte"], notFound: ["agentes"] },
    {
      phrase: "hablar con … persona",
      found: ["hablar con una persona", "quiero hablar con alguna otra persona"],
      notFound: ["hablar con personal"],
    },
    { phrase: "juego", found: ["un juego"], notFound: ["un jugo"] },
  ],
  French: [
    { phrase: "agent", found: ["parler à l'agent", "l’agent", "d'agent"], notFound: ["agence"] },
    { phrase: "conseill*", found: ["un conseiller", "ma conseillère", "l'conseiller"], notFound: ["le conseil"] },
    { phrase: "aujourd'hui", found: ["aujourd’hui", "aujourdhui"], notFound: ["aujourd"] },
  ],
  Italian: [{ phrase: "operat*", found: ["un'operatrice", "l’operatore", "operatore umano"], notFound: ["cooperare"] }],
  Portuguese: [{ phrase: "atendente", found: ["falar com um atendente", "ATENDENTE"], notFound: ["atendentes"] }],
  Dutch: [{ phrase: "medewerk*", found: ["een medewerker", "medewerkster"], notFound: ["werker"] }],
  Greek: [{ phrase: "εκπρόσωπο*", found: ["με εκπροσωπο", "ΕΚΠΡΟΣΩΠΟΣ", "εκπρόσωπος"], notFound: ["πρόσωπο"] }],
  Russian: [
    { phrase: "оператор*", found: ["с оператором", "ОПЕРАТОРА"], notFound: ["операция", "кооператор"] },
    { phrase: "живой человек", found: ["нужен живой   человек", "живои человек"], notFound: ["живой, нет, человека"] },
  ],
  Ukrainian: [{ phrase: "п'ять", found: ["п’ять", "пʼять", "пять"], notFound: ["пятка"] }],
  Arabic: [
    { phrase: "*موظف*", found: ["الموظف", "مع موظفة", "لموظف", "بموظّف"], notFound: ["وظيفة"] },
    { phrase: "خدمة", found: ["خدمه", "خِدمة"], notFound: ["خدمات"] },
    { phrase: "أريد", found: ["اريد", "أُريد", "إريد"], notFound: ["يريد"] },
    { phrase: "على", found: ["علي", "عَلى"], notFound: ["عليه"] },
    { phrase: "3", found: ["٣", "۳"], notFound: ["٤"] },
  ],
  Persian: [
    { phrase: "کارشناس", found: ["كارشناس", "با کارشناس"], notFound: ["کارشناسی"] },
    { phrase: "پشتیبانی", found: ["پشتيباني", "پشتیبانی"], notFound: ["پشتیبان"] },
  ],
  Urdu: [{ phrase: "نمائندہ", found: ["نمائنده", "نمائندہ"], notFound: ["نمائندگی"] }],
  Hebrew: [{ phrase: "*נציג*", found: ["נציג", "לנציג", "הנציגה", "עם נציג בבקשה"], notFound: ["נציב"] }],
  Hindi: [{ phrase: "एजेंट", found: ["मुझे एजेंट चाहिए"], notFound: ["एजेंटों"] }],
  Korean: [{ phrase: "상담원*", found: ["상담원이랑", "상담원을 연결", "상담원"], notFound: ["상담", "전상담원"] }],
  Vietnamese: [{ phrase: "nhân viên", found: ["gap nhan vien", "NHÂN VIÊN"], notFound: ["nhân"] }],
  Indonesian: [{ phrase: "petugas", found: ["bicara dengan petugas"], notFound: ["petugasnya"] }],
  Chinese: [
    {
      phrase: "人工",
      found: ["转人工", "人工客服", "我要人工", "我想找人工，谢谢", "请 转 人 工"],
      notFound: ["人工智能怎么样", "人工智慧", "人工成本"],
    },
    { phrase: "人", found: ["人"], notFound: ["日本人", "机器人", "外国人"] },
    { phrase: "转 … 人工", found: ["转人工", "转接到人工"], notFound: ["转账给那个做人工智能的"] },
    { phrase: "*人工*", found: ["人工智能"], notFound: ["工人"] },
    { phrase: "卡丢了", found: ["我的银行卡丢了！"], notFound: ["卡"] },
  ],
  Japanese: [
    {
      phrase: "オペレーター",
      found: ["オペレーターに繋いで", "ｵﾍﾟﾚｰﾀｰ", "オペレーターと話したい"],
      notFound: ["オペレーション"],
    },
    { phrase: "人と話", found: ["人と話したい"], notFound: ["日本人と話した"] },
    { phrase: "人工", found: ["人工の"], notFound: ["人工知能"] },
    { phrase: "カード … 紛失", found: ["カードを紛失しました", "昨日カードを紛失"], notFound: ["紛失カード"] },
    { phrase: "担当", found: ["担当を"], notFound: ["担当者"] },
  ],
  Thai: [
    { phrase: "คน", found: ["คุยกับคน", "คน"], notFound: ["คนละเรื่อง"] },
    { phrase: "เจ้าหน้าที่", found: ["ติดต่อเจ้าหน้าที่", "คุยกับ เจ้าหน้าที่ ครับ"], notFound: ["หน้าที่"] },
    { phrase: "ทำงาน", found: ["ไม่ทำงาน", "ไม่ทํางาน"], notFound: ["งาน"] },
  ],
  Lao: [{ phrase: "ພະນັກງານ", found: ["ຂ້ອຍຢາກລົມກັບພະນັກງານ"], notFound: ["ງານ"] }],
  Khmer: [{ phrase: "បុគ្គលិក", found: ["ខ្ញុំចង់និយាយជាមួយបុគ្គលិក"], notFound: ["បុគ្គល"] }],
  Burmese: [{ phrase: "ဝန်ထမ်း", found: ["ဝန်ထမ်းနဲ့စကားပြောချင်ပါတယ်"], notFound: ["ဝန်"] }],
  symbols: [
    { phrase: "😡", found: ["where is it 😡😡", "😡", "no😡no"], notFound: ["😀", "angry"] },
    { phrase: "👍", found: ["👍🏽", "ok 👍🏿"], notFound: ["👎"] },
    { phrase: "❤️", found: ["❤", "❤️!"], notFound: ["💔"] },
    { phrase: "🙋", found: ["🙋‍♀️ hello"], notFound: ["🙅"] },
    { phrase: "🇭🇷", found: ["🇩🇪🇭🇷"], notFound: ["🇩🇪", "🇹🇭 🇷🇺"] },
    { phrase: "real person", found: ["a real 🙏 person"], notFound: ["a real 🙏 nice person"] },
    { phrase: "C++", found: ["is it c++?"], notFound: ["vitamin c", "c+"] },
    { phrase: "€ 50", found: ["€50"], notFound: ["50 €"] },
  ],
};

/** Pairs each phrase with its texts. */
export const pairsOf = (rows: readonly Row[], column: "found" | "notFound"): [string, string][] =>
  rows.flatMap((row) => row[column].map((text): [string, string] => [row.phrase, text]));

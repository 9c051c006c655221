/** Words that name the kind of the number beside them. `*` stands for any ending. Accents and case do not count. */
import { wordKinds } from "./fold-word.ts";

export const SERIAL = 1;
export const ID = 2;
export const PHONE = 4;
export const CARD = 8;
export const TOPIC = 16;
export const LINK = 32;
export const NUMBER = 64;
export const POSSESSIVE = 128;
export const COPULA = 256;

/** Numbers of devices and goods that can pass a card's check by chance. */
const serialWords = `imei* imsi iccid isbn* issn ean gtin upc barcode* barkod* strichcode* serial* seri seriennummer* serijsk* sn meid eid vin gln sscc`;

/** Orders, parcels, papers, places, sizes, readings. */
const idWords = `
  order* ord po kd hàng step* korak* schritt* bestel* auftrag* besteling* bestilling* ordre* narudž* naroč* naruč* porudž* nalog* pedido* encomenda* commande*
  ordine ordini zamówi* zamowi* objednáv* sipariş* pesanan* tilaus* rendelés* comand* comenz* поръчк* заказ* замовл* παραγγελ* नंबर ऑर्डर
  tracking track trackingnummer* track&trace parcel* package* packet* paket* pakiet* pacco paquete* colis pacote pošilj* zásilk* przesył* sending* sendung* envio* envío* rastre*
  suivi seguimiento spedizione* lettera kargo* takip resi awb shipment* shipping delivery dostav* lieferung* liefer* livraison* lähetys* küldemény* csomag* coleț* dhl ups fedex usps dpd gls hermes tnt
  invoice* inv račun* rechnung* factur* fatura* facture* fattura* faktur* számla* lasku* bill billing receipt* paragon quittung* beleg* bon reçu recibo scontrino
  ticket* tick case caso incident* inc request* req ref refer* réf* reference* vorgang* fall aktenzeichen az zahtjev* slučaj* predmet* zgłoszen* sprawa sag sagsnummer* saksnummer* ärende*
  booking* buchung* reserv* rezerv* réserv* prenotazion* pnr boeking* bokning* bestillingsnummer* foglalás* varaus*
  contract* ugovor* vertrag* contrat* contrato* umow* smlouv* zmluv* szerződés* sopimus* policy polic* polis* polizza* póliza* apólice* versicherungsnummer*
  customer* kund* klant* client* clien* kupac* kupca stranka account* acct konto* kontonummer* compte* cuenta* conta member* mitglied* član* adhérent* socio asiakas* ügyfél* loyalty bonus
  article* artik* artíc* item* product* proizvod* produkt* produit* producto* produto* sku asin model* modell* version* verz* vers ver build release firmware driver os
  id uid uuid guid user* username korisni* benutzer* token txn transaction* transakc* transakt* transazion* payment* uplat* plaćanj* uplata zahlung* paiement* pago pagamento* iban model
  code* kod* código* codice* voucher* coupon* kupon* kod gutschein* promo* kôd
  meter* brojil* zähler* zaehler* zählerstand* stand compteur* contador* contatore* licznik* mittari* óraállás* reading* očitan* odczyt*
  room* soba sobe sobu zimmer* chambre* habitación* camera pokój* pokoj* seat* seats sjedal* sitz* asiento* place miejsc* row red reihe rang gate flight* let leta flug* vol vuelo volo vlak train* zug platform* peron*
  size* sizes velič* größe* groesse* taille* talla* taglia* rozmiar* velikost* beden* numer*a shoe* shoes cipel* schuh* 
  ip port error* fehler* grešk* erreur* errore* błąd* timestamp* epoch unix coordinates* coord* koordinat* gps lat latitude lon lng long longitude location* lokacij*
  zip plz postal* postleitzahl poštansk* vat ust siret siren nip regon steuernummer* mb fax-id part* teil* dio lot batch chassis šasij* plate* registrac*
  iphone* ipad* galaxy* samsung* pixel* xiaomi* huawei* nokia* playstation* xbox* windows* android* ios chrome* firefox*
`;
/** Scripts without spaces have these anywhere before the number. */
export const idSigns = [
  "订单",
  "訂單",
  "注文",
  "주문",
  "快递",
  "快遞",
  "单号",
  "單號",
  "运单",
  "追跡",
  "追踪",
  "发票",
  "發票",
  "송장",
  "คำสั่งซื้อ",
  "พัสดุ",
];

const phoneWords = `
  phone* telephone* tel tele telefon* telefoon* téléphon* teléfon* telefón* telefono* telefone* telf tlf tlfn tfn tél ph ☎ mob mobil* mobile* móvil* movil* cell* celular* cellulare* cellular* cel cep
  handy* handynummer* rufnummer* rückruf* fon portable* natel gsm komórk* komork* telemóv* telemov* mobitel* fiksni whatsapp* watsapp* whats whatsap* wapp viber* signal imessage sms text txt
  call ring dial reach contact* kontakt* contacto* contatto* callback hotline landline
  zov* nazov* zvat* nazvat* javite anruf* anrufen ruf rufen rufst appel* rappel* joindre llam* llám* chiam* richiam* ligu* ligar zadzwo* dzwoni* zavol* volej* voljte bel bellen belt hívj* hív* ara arayın arayin arayabilir* suna* soita* puhelin* 
  telpon* telepon* hubungi* hp nohp ponsel điện thoại dien thoai sđt sdt gọi goi đt тел телефон* позвон* перезвон* моб мобил* номер τηλ* τηλέφων* κινητό* फोन मोबाइल फ़ोन telefonnummer* mobilnummer* mobiltelefon* telefonszám* telefonnúmer*
  طلفون هاتف جوال موبايل טלפון נייד
`;
export const phoneSigns = [
  "电话",
  "電話",
  "手机",
  "手機",
  "携帯",
  "전화",
  "휴대폰",
  "핸드폰",
  "연락처",
  "โทร",
  "เบอร์",
  "โทรศัพท์",
];

const cardWords = `card* kartic* karte kartennummer* kreditkart* carte tarjeta* carta cartão* cartao* kart* kort* kaart* kártya* maestro visa mastercard amex debit debet pan карт* κάρτα*`;

/** Words about a number's subject that do not name its kind: a number behind these may be of any kind. */
const topicWords = `about regarding concerning re wegen bezüglich betreffend zbog vezano sobre concernant riguardo dotyczy ohledně kvůli vedr angående omtrent över om`;

/** These may stand between a word and its number: they change nothing. */
const linkWords = `
 n št is was are the a an no nr num number* nos numbers num# n° nº broj* brojem brojevi br je su bio jest to ist war lautet lauten sind nummer* die der das den dem mit mein meine meiner unter folgende
  es son era el la los las de del con número* numero* num é è e o os as do da com est sont était numéro* le les avec sous il lo gli sono di numer* jest są s číslo* cislo* č čís je jsou szám* száma on numara* nosu numarası no'su
  numarasi adalah nomor* nomer* adlh số so là la của er var med nummeret är ett numret number's pod pod: za sa naš naša our my your moj moja moje moju mi mis mon ma mes meu minha mio mia mein min mitt můj moje moj mój moja 
  номер* № this that these following here new old current exact full ovo ovaj evo hier ici aquí qui tu dies dieser
`;
const numberWords = `number* no nr broj* nummer* número* numero* numéro* numer* číslo* szám* numara* nomor* número số номер*`;
const possessives = `my our moj moja naš mein meine meiner unsere mon mi meu minha mio mia mój můj mijn min mitt mitt il-mio mój saya benim mé moje moj мой мій мои`;
/** These stand between a number and its label: `… is my phone`. */
const copulas = `is was je ist war es era est é è e jest er var är on adalah là sono sind are es`;

/** Kinds of numbers that a word, folded, names. */
export const labelWords = wordKinds([
  [SERIAL, serialWords],
  [ID, idWords],
  [PHONE, phoneWords],
  [CARD, cardWords],
  [TOPIC, topicWords],
  [LINK, linkWords],
  [NUMBER, numberWords],
  [POSSESSIVE, possessives],
  [COPULA, copulas],
]);

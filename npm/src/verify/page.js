// The page that verifies receipts. One file, without a network: the verifier's module is in it, the same that widgets fetch.
// It shows nothing of what is signed before a key has signed it.

const bytes = Uint8Array.from(atob('__VERIFIER__'), (letter) => letter.charCodeAt(0));
const { memory, room, judge } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports;

const NETWORKS = {
  'bip122:000000000019d6689c085ae165831e93': 'Bitcoin',
  'bip122:12a765e31ffd4059bada1e25190f6e98': 'Litecoin',
  'bip122:1a91e3dace36e2be3bf030a65679fe82': 'Dogecoin',
  'eip155:1': 'Ethereum',
  'eip155:56': 'BNB Smart Chain',
  'eip155:137': 'Polygon',
  'tron:0x2b6653dc': 'Tron',
  'tvm:-239': 'TON',
};
const HEADER = /^\{"alg":"EdDSA","kid":"([\w-]{43})","typ":"calypso-(invoice|receipt)"\}$/;
/** The members of what is signed, in their order: the facts of what is not as long as this say something that this page does not know. */
const MEMBERS = {
  invoice: 'v store checkout invoice network token address amount repriceAt expiresAt',
  receipt: 'v store checkout externalId description price priceCurrency invoice currency network token address asked received rate fee transactions paidAt completedAt state',
};

/** What the verifier finds: 0 it is signed, 1 it is not, 2 the keys are none. Beyond its room it takes nothing. */
const judged = (keys, signed) => {
  const text = new TextEncoder().encode(`${keys.replace(/\s+/g, ' ')}\n${signed}`);
  const at = room(text.length) >>> 0;
  if (at + text.length > memory.buffer.byteLength) return 1;
  new Uint8Array(memory.buffer).set(text, at);
  return judge(text.length);
};

const read = (part) => {
  const raw = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
};

/** Kind and facts of what is signed; `null` for what no proxy of ours writes, even if it is signed. */
const factsOf = (signed) => {
  try {
    const [header, payload] = signed.split('.');
    const [, kid, kind] = HEADER.exec(read(header));
    const text = read(payload);
    const facts = JSON.parse(text);
    const isOurs = JSON.stringify(facts) === text && Object.keys(facts).join(' ') === MEMBERS[kind] && facts.v === 1;
    return isOurs ? { kid, kind, facts } : null;
  } catch {
    return null;
  }
};

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const list = (rows) => element('dl', {}, ...rows.filter(([, value]) => value !== null && value !== undefined)
  .map(([label, value, kind = '']) => element('div', {}, element('dt', {}, label), element('dd', { class: kind, dir: 'auto' }, value))));
const time = (text) => element('time', { datetime: text }, `${text.replace('T', ' ').replace('Z', '')} UTC`);
const network = (name) => NETWORKS[name] ?? name;

const invoiceRows = (facts) => [
  ['Shop', facts.store],
  ['Send', facts.amount ?? 'any amount'],
  ['To', facts.address, 'exact'],
  ['On the network', network(facts.network)],
  ['Token', facts.token ?? 'the network’s own coin', 'exact'],
  ['Amount holds until', facts.repriceAt && time(facts.repriceAt)],
  ['Pay before', time(facts.expiresAt)],
  ['Reference', facts.checkout, 'exact'],
  ['Invoice', facts.invoice, 'exact'],
];
const receiptRows = (facts) => [
  ['Shop', facts.store],
  ['Order', facts.externalId],
  ['For', facts.description],
  ['Price', `${facts.price} ${facts.priceCurrency}`],
  ['Asked for', `${facts.asked} ${facts.currency}`],
  ['Paid', `${facts.received} ${facts.currency}`],
  ['Rate', facts.rate && `1 ${facts.currency} = ${facts.rate} ${facts.priceCurrency}`],
  ['Service fee', facts.fee && `${facts.fee} ${facts.currency}`],
  ['Network', network(facts.network)],
  ['Token', facts.token, 'exact'],
  ['Address', facts.address, 'exact'],
  ...facts.transactions.map(({ hash, amount, at }, index) => [
    `Transaction ${index + 1}`,
    element('span', {}, `${amount} ${facts.currency}, `, time(at), element('br', {}), hash ?? 'without a hash'),
    'exact',
  ]),
  ['Paid at', time(facts.paidAt)],
  ['Complete at', time(facts.completedAt)],
  ['Reference', facts.checkout, 'exact'],
  ['Invoice', facts.invoice, 'exact'],
];

const result = document.getElementById('result');
const signedField = document.getElementById('signed');
const keysField = document.getElementById('keys');

const show = (verdict, title, ...rest) => {
  result.dataset.verdict = verdict;
  result.hidden = false;
  result.replaceChildren(element('h2', { class: verdict === 'signed' ? 'good' : 'bad' }, title), ...rest.map((part) => (typeof part === 'string' ? element('p', {}, part) : part)));
};

const look = () => {
  // A scanned code may bring the page's address with it.
  const signed = signedField.value.trim().replace(/^[^#]*#/, '');
  const keys = keysField.value.trim();
  if (signed === '') {
    result.hidden = true;
    delete result.dataset.verdict;
    return;
  }
  const known = factsOf(signed);
  if (keys === '') {
    const says = known ? [list([['It says the key is', known.kid, 'exact']])] : [];
    show('open', 'Nothing is verified yet', 'Enter the shop’s public key.', ...says);
    return;
  }
  const verdict = judged(keys, signed);
  if (verdict === 2) {
    show('no-key', 'This is no public key', 'A key has 43 letters and digits. Several are separated by spaces.');
  } else if (verdict !== 0 || known === null) {
    show('refused', 'Do not trust this', 'This key did not sign what you entered. It was changed, it is incomplete, or somebody else made it.');
  } else {
    const { kind, facts, kid } = known;
    const rows = kind === 'receipt' ? receiptRows(facts) : invoiceRows(facts);
    show(
      'signed',
      kind === 'receipt' ? 'This receipt is signed by the key below' : 'This payment address is signed by the key below',
      'Compare the key with the one the shop publishes. Whoever owns the key says:',
      list([...rows, ['Signed by key', keys, 'exact'], ['Its fingerprint', kid, 'exact']]),
    );
  }
};

for (const field of [signedField, keysField]) field.addEventListener('input', look);
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
const take = () => {
  if (location.hash.length < 2) return;
  signedField.value = location.hash.slice(1);
  look();
};
addEventListener('hashchange', take);
take();

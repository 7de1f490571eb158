// A page that knows the shop's key shows no address that the shop did not sign: whoever stands between the page and the proxy, and whatever
// becomes of the attribute.
import assert from 'node:assert/strict';

import { scenario, withBrowser } from './lib/scenario.mjs';
import { Signer, facts } from './lib/signer.mjs';

withBrowser();

const shop = new Signer();
const page = (id, key) => `<script type="module" src="/calypso-pay.js"></script><calypso-pay checkout="${id}"${key === undefined ? '' : ` attest-key="${key}"`}></calypso-pay>`;

/** Stands between page and proxy: each answer goes through `change`, and streams are refused. Watches whether an address is ever drawn. */
async function between(buyer, change) {
  // The streams that are refused.
  buyer.expectsNetworkTrouble = true;
  await buyer.context.addInitScript(() => {
    window.drawn = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function attachShadow(options) {
      const root = attach.call(this, options);
      const look = () => {
        const parts = root.querySelectorAll('[part~="address"], [part~="qr"], [part~="open-wallet"], [part~="amount"]');
        if (parts.length > 0) window.drawn.push(root.querySelector('[part~="address"]')?.textContent.replaceAll(/\s/g, '') ?? parts[0].outerHTML);
      };
      new MutationObserver(look).observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
      return root;
    };
  });
  await buyer.page.route('**/v1/checkouts/**', async (route) => {
    if (route.request().url().endsWith('/events')) return route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'no', requestId: '1' } } });
    const headers = { ...route.request().headers() };
    delete headers['if-none-match'];
    const response = await route.fetch({ headers });
    const answer = await response.json();
    if (answer.invoice?.address) change(answer);
    return route.fulfill({ status: response.status(), headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) });
  });
}

const drawn = (buyer) => buyer.page.evaluate(() => window.drawn);

async function chooses(buyer) {
  await buyer.sees('choosing');
  await buyer.element.locator('[part~="currency"][data-currency="USDT_TRX"]').click();
}

async function isRefused(buyer) {
  await buyer.sees('failed');
  await buyer.reads('Do not pay here');
  assert.deepEqual(await drawn(buyer), []);
  // What does not fit the tables is refused before anybody looks at its signature.
  assert.match((await buyer.events('error')).at(-1).detail.code, /^(attestation_refused|answer_not_believed)$/);
  assert.ok(await buyer.element.getByRole('button').count() > 0, 'there is a way out');
}

scenario('what the shop signed is shown, and its verifier is fetched beside the widget', async ({ buyer, merchant }) => {
  const asked = [];
  buyer.page.on('request', (request) => asked.push(request.url()));
  await between(buyer, (answer) => { answer.attestation = shop.signs(facts(answer)); });
  const { id } = await merchant.checkout();
  const other = new Signer();
  await buyer.visitsPage(page(id, `${other.publicKey}\n   ${shop.publicKey}`));
  await buyer.picks('USDT_TRX');
  assert.equal(await buyer.address(), (await buyer.now()).invoice.address);
  assert.equal(asked.filter((url) => url.includes('/assets/calypso-verifier-')).length, 1);
});

scenario('a page without the attribute fetches no verifier', async ({ buyer, merchant }) => {
  const asked = [];
  buyer.page.on('request', (request) => asked.push(request.url()));
  const { id } = await merchant.checkout();
  await buyer.visitsPage(page(id));
  await buyer.picks('USDT_TRX');
  assert.equal(asked.filter((url) => url.includes('verifier')).length, 0);
});

const otherAddress = 'TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX';
/** What a liar between page and proxy does to a signed answer. */
const LIES = {
  'no attestation': (answer) => { answer.attestation = null; },
  'an empty one': (answer) => { answer.attestation = ''; },
  'another address': (answer) => { answer.invoice.address = otherAddress; },
  'another amount': (answer) => { answer.invoice.amount = answer.invoice.due = `${answer.invoice.amount}1`; },
  'less due': (answer) => { answer.invoice.received = '1'; answer.invoice.due = (Number(answer.invoice.amount) - 1).toFixed(6); },
  'another network and token': (answer) => { answer.invoice.currency = 'TRX'; },
  'a later repricing': (answer) => { answer.invoice.repriceAt = answer.invoice.repriceAt.replace(/\d(?=(\.\d+)?Z)/, (digit) => (digit + 1) % 10); },
  'no repricing': (answer) => { answer.invoice.repriceAt = null; },
  'a later end': (answer) => { answer.invoice.expiresAt = answer.invoice.expiresAt.replace(/\d(?=(\.\d+)?Z)/, (digit) => (digit + 1) % 10); },
  'a changed signature': (answer) => { answer.attestation = answer.attestation.replace(/.(?=.$)/, (letter) => (letter === 'A' ? 'B' : 'A')); },
  'a changed header': (answer) => { answer.attestation = answer.attestation.replace(/^./, 'f'); },
  'a changed payload': (answer) => { answer.attestation = answer.attestation.replace(/\.(...)./, '.$1B'); },
  'a lying payload': (answer) => {
    const [header, , signature] = answer.attestation.split('.');
    answer.invoice.address = otherAddress;
    answer.attestation = [header, Buffer.from(JSON.stringify(facts(answer))).toString('base64url'), signature].join('.');
  },
  'the liar’s own key': (answer) => {
    answer.invoice.address = otherAddress;
    answer.attestation = new Signer().signs(facts(answer));
  },
  'the attestation of another checkout': (answer) => {
    answer.attestation = shop.signs(facts({ ...answer, id: '0192f0c8-3b1e-7d4a-9c55-3f2a7be01d64' }));
  },
  'a receipt': (answer) => {
    const { address, ...rest } = facts(answer);
    answer.attestation = shop.signs({ ...rest, state: 'completed', address }, 'calypso-receipt');
  },
  'a line of its own': (answer) => { answer.attestation += `\n${answer.id}`; },
  'algorithm none': (answer) => {
    const [, payload] = answer.attestation.split('.');
    answer.attestation = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  },
  'a megabyte': (answer) => { answer.attestation = 'A'.repeat(1024 * 1024); },
};

scenario('a liar between page and proxy makes the page show nothing', async ({ buyer, merchant }) => {
  let lie;
  await between(buyer, (answer) => {
    answer.invoice.uri = null;
    answer.attestation = shop.signs(facts(answer));
    lie(answer);
  });
  for (const [name, change] of Object.entries(LIES)) {
    lie = change;
    const { id } = await merchant.checkout();
    await buyer.visitsPage(page(id, shop.publicKey));
    await chooses(buyer);
    await isRefused(buyer).catch((error) => { throw new Error(`${name}: ${error.message}`, { cause: error }); });
  }
});

scenario('an old attestation does not cover a new amount', async ({ buyer, merchant, sandbox }) => {
  let first;
  await between(buyer, (answer) => {
    answer.invoice.uri = null;
    first ??= shop.signs(facts(answer));
    answer.attestation = first;
  });
  const { id } = await merchant.checkout();
  await buyer.visitsPage(page(id, shop.publicKey));
  await buyer.picks('USDT_TRX');
  const before = await buyer.amount();
  await sandbox.rate('USDT_TRX', 'EUR', '0.50');
  await sandbox.advance(15 * 60 + 1);
  await buyer.sees('failed');
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'attestation_refused');
  assert.equal(await buyer.part('amount').count(), 0);
  assert.notEqual(before, undefined);
});

scenario('keys that are none are told, and nothing is asked', async ({ buyer, merchant }) => {
  buyer.expectsStop = true;
  const { id } = await merchant.checkout();
  for (const key of ['', ' ', 'key', shop.publicKey.slice(1), `${shop.publicKey} key`, `${shop.publicKey}=`, 'A'.repeat(43)]) {
    await buyer.visitsPage(page(id, key));
    await buyer.sees('failed');
    await buyer.reads('Do not pay here');
    assert.equal((await buyer.events('error')).at(-1).detail.code, 'attest_key_malformed', key);
  }
  await buyer.visitsPage(`<script src="/calypso-pay.js" data-checkout="${id}" data-attest-key="" async></script>`);
  await buyer.sees('failed');
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'attest_key_malformed');
  assert.equal(buyer.checkouts.length, 0);
});

scenario('whatever becomes of the attribute, a running widget is not loosened by it', async ({ buyer, merchant }) => {
  buyer.expectsStop = true;
  let attest = true;
  await between(buyer, (answer) => { answer.attestation = attest ? shop.signs(facts(answer)) : null; });
  const { id } = await merchant.checkout();
  await buyer.visitsPage(page(id, shop.publicKey));
  await buyer.picks('USDT_TRX');
  attest = false;
  for (const change of [
    (element) => element.removeAttribute('attest-key'),
    (element) => { element.attestKey = null; },
    (element) => element.setAttribute('attest-key', ''),
    (element, key) => element.setAttribute('attest-key', key),
    (element) => { const { parentNode } = element; element.remove(); element.removeAttribute('attest-key'); parentNode.append(element); },
  ]) {
    await buyer.element.evaluate(change, new Signer().publicKey);
    await buyer.sees('failed');
    assert.equal((await buyer.events('error')).at(-1).detail.code, 'attest_key_changed');
    assert.equal(await buyer.part('address').count(), 0);
    assert.equal(await buyer.element.locator('a').count(), 0, 'no way to a page that does not ask for the key');
    await buyer.element.evaluate((element, key) => { element.attestKey = key; }, shop.publicKey);
    await buyer.sees('failed');
    await buyer.page.waitForFunction(() => window.seen.events.at(-1).detail.code === 'attestation_refused');
  }
});

scenario('a key that comes late takes away what is not signed', async ({ buyer, merchant }) => {
  await between(buyer, () => {});
  const { id } = await merchant.checkout();
  await buyer.visitsPage(page(id));
  await buyer.picks('USDT_TRX');
  await buyer.element.evaluate((element, key) => { element.attestKey = key; }, shop.publicKey);
  await buyer.sees('failed');
  assert.equal(await buyer.part('address').count(), 0);
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'attestation_refused');
});

scenario('a verifier that cannot be had shows nothing, and is tried again', async ({ buyer, merchant }) => {
  buyer.expectsNetworkTrouble = true;
  await between(buyer, (answer) => { answer.attestation = shop.signs(facts(answer)); });
  const { id } = await merchant.checkout();
  let body = null;
  await buyer.page.route('**/assets/calypso-verifier-*', async (route) => {
    if (body === null) return route.abort();
    const response = await route.fetch();
    const bytes = await response.body();
    if (body === 'changed') bytes[bytes.length - 1] ^= 1;
    return route.fulfill({ response, body: bytes });
  });
  await buyer.visitsPage(page(id, shop.publicKey));
  await buyer.sees('failed');
  assert.equal((await buyer.events('error')).at(-1).detail.code, 'widget_not_loaded');
  assert.equal(await buyer.element.locator('a').count(), 0, 'no way to a page that does not ask for the key');
  body = 'changed';
  await buyer.element.getByRole('button', { name: 'Try again' }).click();
  await buyer.sees('loading');
  await buyer.sees('failed');
  body = 'whole';
  await buyer.element.getByRole('button', { name: 'Try again' }).click();
  await buyer.picks('USDT_TRX');
});

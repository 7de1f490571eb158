// docs/verify.html from disk, without a network: what a key signed is told in plain words, and everything else is refused.
//
// 2 000 mutations in the ordinary run; CALYPSO_MUTATIONS=50000 for the long one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch } from './lib/scenario.mjs';
import { Signer } from './lib/signer.mjs';

const PAGE = new URL('../../docs/verify.html', import.meta.url).href;
const MUTATIONS = Number(process.env.CALYPSO_MUTATIONS ?? 2_000);
const shop = new Signer(Buffer.alloc(32, 7));

const RECEIPT = {
  v: 1, store: 'shop', checkout: '0d6c3f0e-3b1e-7d4a-9c55-3f2a7be01d64', externalId: '1001', description: 'Darjeeling “first flush” <b>250 g</b>', price: '25', priceCurrency: 'EUR',
  invoice: '7', currency: 'USDT_TRX', network: 'tron:0x2b6653dc', token: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', address: 'TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE', asked: '27.314',
  received: '27.314', rate: '0.915', fee: '0.27', transactions: [{ hash: 'ab'.repeat(32), amount: '27.314', at: '2026-11-21T08:25:00Z' }], paidAt: '2026-11-21T08:25:00Z',
  completedAt: '2026-11-21T08:30:00Z', state: 'completed',
};
const INVOICE = {
  v: 1, store: 'shop', checkout: RECEIPT.checkout, invoice: '7', network: RECEIPT.network, token: RECEIPT.token, address: RECEIPT.address, amount: '27.314',
  repriceAt: '2026-11-21T08:25:00Z', expiresAt: '2026-11-21T11:10:00Z',
};

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** Opens the page as it lies on a disk; whatever it asks for is noted. */
async function opens(t, fragment = '') {
  const context = await browser.newContext({ offline: true });
  t.after(() => context.close());
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  page.on('request', (request) => { if (!request.url().startsWith(PAGE)) asked.push(request.url()); });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(PAGE + fragment);
  return { page, asked, complaints };
}

const verdict = (page) => page.locator('#result').getAttribute('data-verdict');

test('a receipt is told in plain words once its key is given, and nothing is asked', async (t) => {
  const { page, asked, complaints } = await opens(t, `#${shop.signs(RECEIPT, 'calypso-receipt')}`);
  assert.equal(await verdict(page), 'open');
  assert.doesNotMatch(await page.locator('#result').innerText(), /27\.314|Darjeeling/, 'nothing is shown before it is verified');
  await page.fill('#keys', shop.publicKey);
  assert.equal(await verdict(page), 'signed');
  const text = await page.locator('#result').innerText();
  for (const said of ['Darjeeling “first flush” <b>250 g</b>', '27.314 USDT_TRX', '25 EUR', '1001', 'Tron', 'ab'.repeat(32), '2026-11-21 08:30:00 UTC', shop.publicKey, shop.kid]) {
    assert.ok(text.includes(said), `${said} in ${text}`);
  }
  assert.deepEqual({ asked, complaints }, { asked: [], complaints: [] });
});

test('an attestation is one too, and either of two keys will do', async (t) => {
  const { page } = await opens(t);
  await page.fill('#signed', shop.signs(INVOICE));
  await page.fill('#keys', `${new Signer().publicKey} ${shop.publicKey}`);
  assert.equal(await verdict(page), 'signed');
  assert.match(await page.locator('#result').innerText(), /payment address/);
});

test('another key, no key, and what no proxy writes are told apart', async (t) => {
  const { page } = await opens(t);
  const signed = shop.signs(RECEIPT, 'calypso-receipt');
  for (const [text, keys, expected] of [
    [signed, new Signer().publicKey, 'refused'],
    [signed, 'key', 'no-key'],
    [signed, shop.publicKey.slice(1), 'no-key'],
    [signed, `${shop.publicKey} key`, 'no-key'],
    [signed, 'A'.repeat(43), 'no-key'],
    // Signed, and not facts of ours.
    [shop.signs('{"v":1}', 'calypso-receipt'), shop.publicKey, 'refused'],
    [shop.signs(RECEIPT), shop.publicKey, 'refused'],
    [shop.signs(INVOICE, 'calypso-receipt'), shop.publicKey, 'refused'],
    [shop.signs(`${JSON.stringify(RECEIPT)} `, 'calypso-receipt'), shop.publicKey, 'refused'],
    [shop.signs(JSON.stringify(RECEIPT).replace('"price":"25"', '"price":"25","price":"26"'), 'calypso-receipt'), shop.publicKey, 'refused'],
    [shop.signs({ ...RECEIPT, v: 2 }, 'calypso-receipt'), shop.publicKey, 'refused'],
    ['A'.repeat(200_000), shop.publicKey, 'refused'],
  ]) {
    await page.fill('#signed', text);
    await page.fill('#keys', keys);
    assert.equal(await verdict(page), expected, `${text.slice(0, 80)} by ${keys}`);
  }
});

test(`${MUTATIONS} mutations of a receipt and of an attestation are refused`, { timeout: 600_000 }, async (t) => {
  const { page, complaints } = await opens(t);
  await page.fill('#keys', shop.publicKey);
  for (const signed of [shop.signs(RECEIPT, 'calypso-receipt'), shop.signs(INVOICE)]) {
    const found = await page.evaluate(([text, count]) => {
      // A seeded generator: the same mutations on every machine.
      let seed = 1;
      const random = (below) => { seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0; return Math.floor((seed / 2 ** 32) * below); };
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ';
      const field = document.getElementById('signed');
      const accepted = [];
      let tried = 0;
      while (tried < count) {
        const at = random(text.length);
        const letter = letters[random(letters.length)];
        const changed = [
          () => text.slice(0, at) + letter + text.slice(at + 1),
          () => text.slice(0, at) + letter + text.slice(at),
          () => text.slice(0, at) + text.slice(at + 1),
          () => text.slice(0, at),
        ][random(4)]();
        if (changed.trim() === text || changed.trim() === '') continue;
        tried += 1;
        field.value = changed;
        field.dispatchEvent(new Event('input'));
        if (document.getElementById('result').dataset.verdict !== 'refused') accepted.push(changed);
      }
      field.value = text;
      field.dispatchEvent(new Event('input'));
      return { accepted, last: document.getElementById('result').dataset.verdict };
    }, [signed, MUTATIONS / 2]);
    assert.deepEqual(found, { accepted: [], last: 'signed' });
  }
  assert.deepEqual(complaints, []);
});

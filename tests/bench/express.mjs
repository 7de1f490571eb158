// A proxy as a merchant would write it with Express, for `cargo xtask bench proxy`: checkouts in a Map, the gateway called with fetch, and
// nothing of what makes it hard: no disk, no watching, no checks of what the gateway answers.
//
//     node tests/bench/express.mjs GATEWAY ACCOUNT KEY SECRET

import { createHmac, randomUUID } from 'node:crypto';
import express from 'express';

const [gateway, account, key, secret] = process.argv.slice(2);
const checkouts = new Map();

/** A signed call of the gateway. */
async function call(path, payload) {
  const body = JSON.stringify({ timestamp: Date.now(), account, payload });
  const sign = createHmac('sha512', secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', key, sign };
  const answer = await fetch(gateway + path, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
  return answer.json();
}

const app = express();
app.use(express.json());

app.post('/v1/checkouts', (request, response) => {
  const { price, description } = request.body;
  const id = randomUUID();
  const currencies = ['BTC', 'LTC', 'USDT_TRX'].map((code) => ({ code, symbol: code, name: code, network: code, estimate: null }));
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const checkout = { id, state: 'choosing', description, price, currencies, invoice: null, expiresAt, returnUrl: null, supportUrl: null };
  checkouts.set(id, checkout);
  response.status(201).json(checkout);
});

app.get('/v1/checkouts/:id', (request, response) => {
  const checkout = checkouts.get(request.params.id);
  if (!checkout) return response.status(404).json({ error: { code: 'checkout_not_found' } });
  // Express digests the body for its entity tag, and answers 304 by itself.
  return response.json(checkout);
});

app.post('/v1/checkouts/:id/invoice', async (request, response) => {
  const checkout = checkouts.get(request.params.id);
  if (!checkout) return response.status(404).json({ error: { code: 'checkout_not_found' } });
  const { currency } = request.body;
  const made = await call('/api/v1/invoice/single-fiat/create', {
    currency,
    fiatAmount: Number(checkout.price.amount),
    fiatCurrency: checkout.price.currency,
    description: checkout.description,
    idempotencyKey: randomUUID(),
  });
  checkout.state = 'awaiting';
  checkout.invoice = { currency, address: made.invoiceAddress, amount: String(made.amount), received: '0', expiresAt: made.expiration };
  return response.json(checkout);
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});

// §5.2 and §5.5: what each event carries. A check names the event and the member that is not as documented.
import assert from 'node:assert/strict';

import { plain } from './amounts.mjs';
import { Digits } from './exact-json.mjs';
import { amountOf, millis } from './shapes.mjs';
import { assertSigned, nameOf } from './shop.mjs';

const text = (value, name) => assert.equal(typeof value, 'string', name);
const date = (value, name) => assert.ok(Number.isInteger(millis(value)), name);
const fiatMap = (value, name) => {
  assert.ok(value !== null && typeof value === 'object' && !(value instanceof Digits), `${name} is an object of currency to number`);
  for (const [currency, worth] of Object.entries(value)) assert.ok(worth instanceof Digits, `${name}.${currency}`);
};

const RECEIVED = {
  amount: amountOf, currency: text, message: text, transactionHash: text, senderAddress: text, paymentDate: date, createdDate: date, fiatAmount: fiatMap,
  transactionId: (value, name) => assert.ok(typeof value === 'string' || Array.isArray(value), name),
};

const EVENTS = {
  INVOICE_CREATE_INVOICE: { currency: text, message: text, createdDate: date },
  INVOICE_CREATE_UNLIMITED_INVOICE: { currency: text, message: text, createdDate: date },
  INVOICE_MEMPOOL_FOUND: { amount: amountOf, currency: text, description: text, realAmount: amountOf, createdDate: date, transactionHash: text },
  INVOICE_FUNDS_RECEIVED_FOR_INVOICE: RECEIVED,
  INVOICE_PENDING_COMPLIANCE: RECEIVED,
  INVOICE_COMPLIANCE_DECLINED: RECEIVED,
  INVOICE_PAID: { amount: amountOf, realAmount: amountOf, currency: text, description: text },
  INVOICE_PENDING_INTERVENTION: { message: text },
  INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED: { amount: amountOf, serviceFee: amountOf, currency: text, message: text, createdDate: date, fiatAmount: fiatMap, transactionIds: (value) => assert.ok(Array.isArray(value)) },
  INVOICE_EXPIRED: { amount: amountOf, currency: text, message: text, createdDate: date, expirationDate: date, fiatAmount: fiatMap },
};

/** Checks signature, envelope and data of a delivery about an invoice; answers its data. */
export function assertInvoiceEvent(delivery, subscription, invoice, name) {
  assertSigned(delivery, subscription);
  const { event } = delivery;
  assert.equal(nameOf(delivery), name);
  assert.equal(event.requestId, subscription.requestId);
  assert.match(event.id.text, /^\d+$/);
  assert.match(event.level, /^(SUCCESS|INFO|WARNING)$/);
  assert.equal(event.service, 'INVOICE');
  date(event.createdDate, 'createdDate');
  const { data } = event;
  assert.equal(data.type, name);
  assert.equal(data.parentExternalId, invoice.id);
  assert.equal(data.idempotencyKey, invoice.idempotencyKey);
  assert.equal(data.externalId ?? undefined, invoice.externalId);
  for (const [member, check] of Object.entries(EVENTS[name])) {
    assert.ok(member in data, `${name} carries ${member}`);
    check(data[member], `${name}.${member}`);
  }
  if ('currency' in data) assert.equal(data.currency, invoice.currency);
  for (const spoken of ['message', 'description']) if (spoken in data) assert.equal(data[spoken], invoice.description);
  if (invoice.fiatAmount && ['INVOICE_PAID', 'INVOICE_MEMPOOL_FOUND'].includes(name)) {
    assert.equal(plain(data.fiatAmount), plain(invoice.fiatAmount), `${name}.fiatAmount is a number`);
    assert.equal(data.fiatCurrency, invoice.fiatCurrency);
  }
  return data;
}

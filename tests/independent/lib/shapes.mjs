// What the documentation promises about the shape of answers: each check names the member that broke its promise.
import assert from 'node:assert/strict';

import { Digits } from './exact-json.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/;

export const STATES = [
  'PENDING_PAYMENT', 'MEM_POOL_FOUND', 'PENDING_COMPLIANCE_CHECK', 'DECLINED', 'PAID', 'PENDING_INTERVENTION', 'COMPLETED', 'ARCHIVED', 'CANCEL',
];

/** Milliseconds since the epoch of a date the gateway wrote; without a zone it is UTC (§1.6). */
export function millis(text) {
  const match = MOMENT.exec(text);
  assert.ok(match, `expected a date of §1.6, got ${text}`);
  const [, minute, second = '00', fraction = '', zone = 'Z'] = match;
  return Date.parse(`${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
}

export const seconds = (from, to) => (millis(to) - millis(from)) / 1000;

/** An amount as text; refuses an exponent, which no reader of amounts expects. */
export function amountOf(value, name) {
  assert.ok(value instanceof Digits, `${name} is a JSON number, got ${JSON.stringify(value)}`);
  assert.match(value.text, /^\d+(\.\d{1,15})?$/, `${name} is a plain amount`);
  return value.text;
}

const isText = (value, name) => assert.equal(typeof value, 'string', `${name} is text`);
const isKey = (value, name) => assert.match(value, UUID, `${name} is a UUID`);
const isFlag = (value, name) => assert.equal(typeof value, 'boolean', `${name} is a boolean`);
const isMoment = (value, name) => {
  isText(value, name);
  assert.match(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$/, `${name} has no zone and at most six digits of a second`);
};

const INVOICE = {
  id: isKey, invoiceAddress: isText, totalDebitAmount: amountOf, currency: isText, description: isText,
  createdDate: isMoment, idempotencyKey: isKey, isInterventionResolved: isFlag, subscriptionEnabled: isFlag,
};

const SOMETIMES = {
  amount: amountOf, fee: amountOf, lastDepositHash: isText, expiration: isMoment, fiatAmount: amountOf, fiatCurrency: isText,
  lastFiatUpdated: isMoment, returnUrl: isText, logoUrl: isText, supportUrl: isText, externalId: isText, lowerBound: amountOf, fiatAvailable: isFlag,
  interventionType: (value, name) => assert.match(value, /^(OVERPAY|UNDERPAY)$/, name),
};

/** §2.0: every member that is always there, and the right kind for each that may be. */
export function assertInvoice(invoice, type) {
  assert.equal(invoice.type, type);
  assert.ok(STATES.includes(invoice.state), `state ${invoice.state}`);
  for (const [name, check] of Object.entries(INVOICE)) {
    assert.ok(name in invoice, `an invoice always has ${name}`);
    check(invoice[name], name);
  }
  for (const [name, check] of Object.entries(SOMETIMES)) if (name in invoice) check(invoice[name], name);
  return invoice;
}

/** §2.1: the payment widget. */
export function assertWidget(widget, type) {
  isKey(widget.idempotencyKey, 'idempotencyKey');
  isText(widget.description, 'description');
  assert.equal(widget.widgetType, type);
  assert.ok(['IN_PROGRESS', 'COMPLETED', 'ARCHIVED'].includes(widget.widgetState), widget.widgetState);
  assert.ok(Array.isArray(widget.invoices));
  millis(widget.createdDate);
  return widget;
}

/** §2.19: a currency is a name, or an object that has one. */
export const currencyNames = (currencies) => currencies.map((currency) => currency.name ?? currency);

/** §1.5: the refusal, its code, its status and its exact shape. */
export async function assertRefused(code, call, message = /./) {
  const refusal = await call.then(
    (answer) => assert.fail(`expected the error ${code}, got an answer: ${JSON.stringify(answer)}`),
    (error) => error,
  );
  assert.equal(refusal.errorCode, code, refusal.message);
  assert.equal(refusal.status, code === '000' ? 500 : 400);
  const { traceId, ...documented } = refusal.answer;
  if (traceId !== undefined) isText(traceId, 'traceId');
  assert.deepEqual(Object.keys(documented).sort(), ['errorCode', 'message']);
  assert.match(refusal.reason, message);
  return refusal;
}

// A merchant's client for the Calypso gateway, written from its public documentation alone. It knows no gateway by name:
// the base URL is all that differs between the real one and any other.
import { createHmac, timingSafeEqual } from 'node:crypto';

import { read, write } from './exact-json.mjs';

/** `Sign` of a body: HMAC-SHA512 under the secret as text, lower-case hex. */
export function sign(secret, body) {
  return createHmac('sha512', Buffer.from(secret, 'ascii')).update(body).digest('hex');
}

/** Whether a delivery's `Sign` belongs to its raw bytes. */
export function verify(secret, body, signature) {
  const expected = Buffer.from(sign(secret, body), 'hex');
  const given = Buffer.from(String(signature), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The gateway's answer to a call it refuses. */
export class Refusal extends Error {
  constructor(status, text) {
    let answer;
    try {
      answer = read(text);
    } catch {
      answer = {};
    }
    super(`HTTP ${status}: ${text}`);
    this.status = status;
    this.text = text;
    this.answer = answer;
    this.errorCode = answer.errorCode;
    this.reason = answer.message ?? '';
    this.traceId = answer.traceId;
  }
}

export class Calypso {
  #secret;

  constructor({ baseUrl, payUrl = baseUrl, key, secret, account }) {
    Object.assign(this, { baseUrl, payUrl, key, account });
    this.#secret = secret;
  }

  // Payment widgets

  createSingleFiatWidget(widget) { return this.call('payment-widget/single-fiat/create', widget); }
  findSingleFiatWidget(key) { return this.call('payment-widget/single-fiat/find', { requestId: key }); }
  createUnlimitedLinkedWidget(widget) { return this.call('payment-widget/unlimited-linked/create', widget); }
  findUnlimitedLinkedWidget(key) { return this.call('payment-widget/unlimited-linked/find', { requestId: key }); }
  widgetLink(widget) { return `${this.payUrl}/pay?widgetKey=${widget.idempotencyKey}`; }

  // Invoices; `ref` is {id}, {idempotencyKey} or {externalId}

  createSingleFiatInvoice(invoice) { return this.call('invoice/single-fiat/create', invoice); }
  createSingleInvoice(invoice) { return this.call('invoice/single/create', invoice); }
  createUnlimitedInvoice(invoice) { return this.call('invoice/unlimited/create', invoice); }
  createBoundInvoice(invoice) { return this.call('invoice/bound/create', invoice); }
  invoice(ref) { return this.call('invoice', ref); }
  invoicesByExternalId(query) { return this.call('invoice/external', query); }
  archive(ref) { return this.call('invoice/archive', ref); }
  depositHistory(ref) { return this.call('invoice/deposit-history', ref); }
  deposit(ref, transactionId) { return this.call('invoice/deposit', { ...ref, transactionId }); }
  returnToPaid(ref) { return this.call('invoice/return-to-paid', ref); }
  closeIntervention(ref) { return this.call('invoice/close-intervention', ref); }
  invoiceLink(invoice) { return `${this.payUrl}/invoice/${invoice.idempotencyKey}`; }

  // Webhook subscriptions

  subscribe(subscription) { return this.call('subscription/webhook/create', subscription); }
  changeSubscription(subscription) { return this.call('subscription/webhook/change', subscription); }
  async subscriptions() { return (await this.call('subscription/webhook')).subscriptions; }
  unsubscribe(requestId) { return this.call('subscription/webhook', { requestId }, { method: 'DELETE' }); }

  // Rates: the two calls without an account

  async rates(fromCurrencies, toCurrencies) {
    return (await this.call('rate', { fromCurrencies, toCurrencies }, { account: null })).currencyRates;
  }

  async fiatRates(from, to) {
    return (await this.call('rate/fiat', { from, to }, { account: null })).ratesMap;
  }

  // Customers and their permanent addresses

  createCustomer(customer) { return this.call('customer-purse/customer/create', customer); }
  updateCustomer(customer) { return this.call('customer-purse/customer/update', customer); }
  customerAddress(customerId, currency) { return this.call('customer-purse/address/get', { customerId, currency }); }
  purseTransaction(transactionId) { return this.call('customer-purse/transaction/get', { transactionId }); }
  findPurseTransactions(query) { return this.call('customer-purse/transaction/find', query); }

  /** One signed call; answers the body read exactly, `undefined` where there is none, or throws a `Refusal`. */
  call(path, payload, { account = this.account, timestamp = Date.now(), ...rest } = {}) {
    return this.send(path, write({ timestamp, account: account ?? undefined, payload }), rest);
  }

  /** Sends exactly these bytes; `key` and `signature` only to be wrong on purpose. */
  async send(path, body, { method = 'POST', key = this.key, signature = sign(this.#secret, body) } = {}) {
    const headers = { 'Content-Type': 'application/json' };
    if (key !== null) headers.Key = key;
    if (signature !== null) headers.Sign = signature;
    const answer = await fetch(`${this.baseUrl}/api/v1/${path}`, { method, headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Refusal(answer.status, text);
    return text === '' ? undefined : read(text);
  }
}

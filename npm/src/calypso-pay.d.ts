// Types of <calypso-pay>: the element, its attributes and its events, in the DOM, in JSX (React 18 and 19, Preact) and in Vue templates.
// Reference them once: `/// <reference path="calypso-pay.d.ts" />`, or name the file in tsconfig's `include`.

export {};

/** Where a checkout stands. */
export type CalypsoPhase =
  | 'choosing' | 'awaiting' | 'detected' | 'paid' | 'completed'
  | 'underpaid' | 'overpaid' | 'reviewing' | 'declined' | 'intervention' | 'expired' | 'archived';

/** Where the element stands: the checkout's phase, or one of the widget's own two states. */
export type CalypsoState = 'loading' | 'failed' | CalypsoPhase;

/** A price, digits as text. */
export interface CalypsoPrice { amount: string; currency: string }

/** A currency that is offered. */
export interface CalypsoCurrency { code: string; symbol: string; name: string; network: string; estimate: string | null }

/** What is to be paid where. Amounts are texts with exact digits, times RFC 3339 in UTC. */
export interface CalypsoInvoice {
  currency: string;
  /** `null` once nobody must pay there any more. */
  address: string | null;
  amount: string;
  received: string;
  due: string;
  uri: string | null;
  repriceAt: string | null;
  expiresAt: string;
  transaction: string | null;
}

/** Something that arrived at an address that takes any amount. */
export interface CalypsoDeposit { amount: string; currency: string; transaction: string | null; at: string; state: string }

/** Where a top-up or a deposit goes, and what has arrived. */
export interface CalypsoReceiving {
  currency: string;
  address: string | null;
  uri: string | null;
  received: string;
  deposits: CalypsoDeposit[];
}

/** The checkout as the proxy told it; a later proxy may tell more. */
export interface CalypsoCheckout {
  id: string;
  /** Not there for a payment. */
  kind?: 'topup' | 'deposit';
  state: CalypsoPhase;
  description: string;
  price: CalypsoPrice | null;
  currencies: CalypsoCurrency[];
  invoice: CalypsoInvoice | null;
  receiving?: CalypsoReceiving | null;
  expiresAt: string;
  now: string;
  pollAfterMs: number;
  returnUrl: string | null;
  supportUrl: string | null;
  logoUrl: string | null;
  attestation: string | null;
  /** The hosted page. There only in the answer that made the checkout, so in the events of a product's first visit. */
  url?: string;
}

/** The element's events. They bubble, cross shadow roots, and are fired on the element only. */
export interface CalypsoPayEventMap {
  /** The first answer is on the screen. */
  'calypso-ready': CustomEvent<{ checkout: CalypsoCheckout }>;
  'calypso-change': CustomEvent<{ state: CalypsoState; previous: CalypsoState; checkout: CalypsoCheckout | null }>;
  'calypso-paid': CustomEvent<{ checkout: CalypsoCheckout }>;
  'calypso-expired': CustomEvent<{ checkout: CalypsoCheckout }>;
  /**
   * `code` is one of the proxy's error codes or of the widget's own, `message` a sentence for the developer. With `answer_not_believed`
   * comes the `field` of the answer that does not fit, such as `invoice.address`.
   */
  'calypso-error': CustomEvent<{ code: string; message: string; field?: string }>;
}

/** The attributes. Each is a property of the element too. */
export interface CalypsoPayAttributes {
  /** Id of a checkout made by the merchant's server. */
  checkout?: string;
  /** Key of the proxy's price list, instead of a checkout. */
  product?: string;
  /** Order token signed by the merchant's server, instead of a checkout. */
  order?: string;
  /** Base URL of the proxy: on the loader's own origin, or on one that `data-proxies` of the script's tag lists. */
  proxy?: string;
  theme?: 'auto' | 'light' | 'dark';
  /** Ed25519 public keys, separated by spaces: an address that none of them signed is not shown. The attribute is `attest-key`. */
  attestKey?: string;
}

declare global {
  /** The payment element. */
  interface CalypsoPayElement extends HTMLElement, Required<CalypsoPayAttributes> {
    /** Where the payment stands; the attribute `data-state` says it too. */
    readonly state: CalypsoState;
    /** Asks the proxy now; after a failure, loads the widget again. */
    refresh(): void;
    addEventListener<K extends keyof CalypsoPayEventMap>(type: K, listener: (this: CalypsoPayElement, event: CalypsoPayEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
    addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
    removeEventListener<K extends keyof CalypsoPayEventMap>(type: K, listener: (this: CalypsoPayElement, event: CalypsoPayEventMap[K]) => void, options?: boolean | EventListenerOptions): void;
    removeEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => void, options?: boolean | EventListenerOptions): void;
  }

  interface HTMLElementTagNameMap { 'calypso-pay': CalypsoPayElement }
  // For listeners on an element around it, which the events reach by bubbling.
  interface HTMLElementEventMap extends CalypsoPayEventMap {}
  interface DocumentEventMap extends CalypsoPayEventMap {}

  /** What JSX takes: the attributes, what every element has, and in React 19 the events by their names. */
  type CalypsoPayJsx = CalypsoPayAttributes & {
    'attest-key'?: string;
    children?: unknown;
    id?: string;
    class?: string;
    className?: string;
    style?: unknown;
    hidden?: boolean;
    slot?: string;
    key?: string | number | bigint | null;
    ref?: unknown;
  } & { [K in keyof CalypsoPayEventMap as `on${K}`]?: (event: CalypsoPayEventMap[K]) => void };

  // React 18, Preact and every other JSX with a global namespace.
  namespace JSX { interface IntrinsicElements { 'calypso-pay': CalypsoPayJsx } }
}

// React 19 and Vue keep their names in modules of their own, which need not be installed.
// @ts-ignore
declare module 'react' { namespace JSX { interface IntrinsicElements { 'calypso-pay': CalypsoPayJsx } } }
// @ts-ignore
declare module 'vue' { interface GlobalComponents { 'calypso-pay': new () => { $props: CalypsoPayJsx } } }

// The payment element.

import { loaded, verifier } from './assets.js';
import { ATTRIBUTES, ORDERS, property } from './names.js';
import { own } from './own.js';
import { attribute, bare, listen, make, tell } from './page.js';
import { explain, proxyOf } from './proxy.js';
import { SAY, Stop } from './stop.js';

/** @import { Mounted } from './assets.js' */

/** The states in which an address is shown or money is on its way. */
const ASKING = ['awaiting', 'detected', 'underpaid', 'reviewing', 'intervention'];

/** Enough to see the skeleton and a failure before the stylesheet is there, or when it never comes. */
const FIRST_STYLE = [
  ':host{display:block;min-height:12rem;font:16px/1.5 system-ui,sans-serif}:host([hidden]){display:none}',
  '.first{padding:1.5rem;border:1px solid #8884;border-radius:1rem}',
  '.bar{height:2.75rem;margin:.5rem 0;border-radius:.6rem;background:#8883}',
  'button{min-height:44px;padding:0 1.25rem;font:inherit;font-weight:600}a{display:block;padding:.6rem 0}',
].join('');

/**
 * The payment element.
 * @attr checkout - id of a checkout made by the merchant's server
 * @attr product - key of the proxy's price list, instead of a checkout
 * @attr order - order token signed by the merchant's server, instead of a checkout
 * @attr proxy - base URL of the proxy; by default the origin of this script, and otherwise one that `data-proxies` of its tag lists
 * @attr theme - `auto`, `light` or `dark`
 * @attr attest-key - Ed25519 public keys, base64url, separated by spaces; what none of them signed is not shown
 */
export class CalypsoPay extends HTMLElement {
  static observedAttributes = ATTRIBUTES.slice(0, 5);
  // The browser looks for these at the definition, through every prototype.
  static disabledFeatures = /** @type {string[]} */ ([]);
  static formAssociated = false;
  /** Which script defined the element. */
  static definedBy = own?.href;

  #root = this.attachShadow(bare({ mode: /** @type {const} */ ('open') }));
  #first = new CSSStyleSheet();
  /** @type {Mounted | undefined} */
  #mounted;
  #isPlanned = false;
  #run = 0;
  /** Takes the element out of the widget's list of who is told when it stops. */
  #leave = () => {};
  #proxy = '';
  /** The proxy that money is asked for, while it is. */
  #bound = '';
  /** What `attest-key` said first. It is asked for as long as there is this element. @type {string | null} */
  #keys = null;
  #wasReady = false;

  constructor() {
    super();
    this.#first.replaceSync(FIRST_STYLE);
    listen(this, 'calypso-ready', () => { this.#wasReady = true; });
    listen(this, 'calypso-change', ({ detail }) => {
      if (ASKING.includes(detail?.state)) this.#bound = this.#proxy;
      else if (!['loading', 'failed'].includes(detail?.state)) this.#bound = '';
    });
    listen(this, 'calypso-error', ({ detail }) => {
      if (detail?.code === 'proxy_unreachable' && !this.#wasReady) explain(this.#proxy);
    });
  }

  connectedCallback() {
    // What a page set as a property before this script ran stands in front of the element's own.
    for (const name of ATTRIBUTES.map(property)) {
      const early = Object.getOwnPropertyDescriptor(this, name);
      if (early && Reflect.deleteProperty(this, name)) Reflect.set(this, name, early.value);
    }
    this.#plan();
  }

  disconnectedCallback() {
    this.#plan();
  }

  /** A move within the page (`moveBefore`) changes nothing. */
  connectedMoveCallback() {}

  adoptedCallback() {}

  /** @param {string} _name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(_name, before, after) {
    if (before !== after) this.#plan();
  }

  /** Where the payment stands: a phase, `loading` or `failed`. */
  get state() {
    return attribute(this, 'data-state') ?? 'loading';
  }

  /** Asks the proxy now, whatever its pace; after a failure, loads the widget again. */
  refresh() {
    if (this.#mounted) this.#mounted.refresh();
    else if (this.isConnected) this.#plan();
  }

  /** Several changes at once, or a move within the page, are one new start. */
  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.#stop();
      if (this.isConnected) this.#start();
      else this.#bound = '';
    });
  }

  #stop() {
    this.#run += 1;
    this.#leave();
    const mounted = this.#mounted;
    this.#mounted = undefined;
    mounted?.unmount();
    mounted?.free();
  }

  async #start() {
    const run = this.#run;
    this.setAttribute('data-state', 'loading');
    this.#root.adoptedStyleSheets = [this.#first];
    try {
      this.#wasReady = false;
      const proxy = await proxyOf(this);
      if (run !== this.#run) return;
      this.#proxy = proxy;
      if (this.#bound && this.#bound !== this.#proxy) {
        throw new Stop('proxy_changed', `proxy was changed from ${this.#bound} while money was asked for; put a new element there instead`, SAY.wrong);
      }
      const keys = attribute(this, 'attest-key');
      this.#keys ??= keys;
      if (this.#keys !== keys) {
        throw new Stop('attest_key_changed', 'attest-key was changed; put a new element there instead', SAY.wrong);
      }
      const bars = [1, 2, 3].map(() => make('div', { class: 'bar' }));
      const skeleton = make('div', { class: 'first', role: 'status', 'aria-label': 'Loading' }, ...bars);
      // What the page wrote inside the element stays to be read until the widget is there.
      const written = this.childElementCount > 0 || this.textContent?.trim();
      this.#root.replaceChildren(written ? make('slot', {}) : skeleton);
      const [{ mount, sheet, falls }, judges] = await Promise.all([loaded(), keys === null ? null : verifier()]);
      if (run !== this.#run) return;
      const judge = judges?.(/** @type {string} */ (keys));
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.replaceChildren();
      const named = ORDERS.find((name) => attribute(this, name)) ?? '';
      this.#mounted = mount(this, this.#root, bare({ named, value: attribute(this, named), proxy, judge }));
      const fall = (/** @type {unknown} */ reason) => {
        this.#stop();
        this.#fail(new Stop('widget_stopped', `the widget's module stopped: ${reason}`, SAY.fallen, true));
      };
      falls.add(fall);
      this.#leave = () => falls.delete(fall);
    } catch (reason) {
      if (run === this.#run) this.#fail(reason);
    }
  }

  /** @param {unknown} reason */
  #fail(reason) {
    this.setAttribute('data-state', 'failed');
    const stop = reason instanceof Stop ? reason : new Stop('widget_not_loaded', reason instanceof Error ? reason.message : String(reason), SAY.load, true);
    if (stop === reason) tell(stop.message);
    const { code, message, said, again } = stop;
    const shown = [make('p', { part: 'message', role: 'alert' }, said)];
    if (again) {
      const retry = make('button', { type: 'button' }, 'Try again');
      listen(retry, 'click', () => this.#plan());
      shown.push(retry);
    }
    const checkout = attribute(this, 'checkout');
    // Only where the proxy is beyond doubt: a page that works without this one.
    if (checkout && this.#keys === null && (again || code === 'policy_refused')) {
      const href = `${this.#proxy}/pay/${encodeURIComponent(checkout)}`;
      shown.push(make('a', { href, rel: 'noreferrer' }, 'Open the payment page'));
    }
    this.#root.adoptedStyleSheets = [this.#first];
    this.#root.replaceChildren(make('div', { class: 'first', lang: 'en', dir: 'ltr' }, ...shown), make('slot', {}));
    this.dispatchEvent(new CustomEvent('calypso-error', bare({ detail: { code, message }, bubbles: true, composed: true })));
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(CalypsoPay.prototype, property(name), bare({
    /** @this {HTMLElement} */
    get() { return attribute(this, name) ?? ''; },
    /** @this {HTMLElement} @param {string | null | undefined} value frameworks take a property back by `null` or `undefined` */
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    enumerable: true,
    configurable: true,
  }));
}

// The loader of <calypso-pay>: defines the element, shows at once that something is coming, fetches the widget's
// stylesheet and module with their hashes checked, and hands over to it.
//
// It runs unchanged as a module and as a classic script (so: no import or export statements), touches nothing on the page but
// its own element, and works under `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'` with
// Trusted Types. The build puts names and hashes of the assets in the place of the token below; under Trunk the token is
// a variable of that name instead (see trunk.js).

(() => {
  /**
   * A file of the widget: its path beside this script and the hash that it must have.
   * @typedef {{ path: string, integrity?: string }} Asset
   */

  /**
   * What the module gives to the loader.
   * @typedef {{ mount: (host: HTMLElement, root: ShadowRoot, proxy: string, checkout?: string, product?: string) => Mounted }} Bindings
   * @typedef {{ refresh: () => void, unmount: () => void, free: () => void }} Mounted
   */

  /** @type {{ glue: Asset, wasm: Asset, css: Asset, start?: () => Promise<Bindings>, styles?: () => Promise<string> }} */
  const ASSETS = __CALYPSO_ASSETS__;
  const NAME = 'calypso-pay';
  const LIMIT_MS = 30_000;

  /** Enough to see the skeleton and a failure before the stylesheet is there, or when it never comes. */
  const FIRST_STYLE = [
    ':host{display:block;min-height:12rem;font:16px/1.5 system-ui,sans-serif}:host([hidden]){display:none}',
    '.first{padding:1.5rem;border:1px solid #8884;border-radius:1rem}',
    '.bar{height:2.75rem;margin:.5rem 0;border-radius:.6rem;background:#8883}',
    'button{min-height:44px;padding:0 1.25rem;font:inherit;font-weight:600;cursor:pointer}',
  ].join('');

  /** @type {NodeListOf<HTMLScriptElement>} */
  const scripts = document.querySelectorAll('script[src]');
  const own = [...scripts].filter(({ src }) => new URL(src).pathname.endsWith(`/${NAME}.js`));
  /** A classic script knows its own tag; a module is told apart by its name. */
  const script = /** @type {HTMLScriptElement | undefined} */ (document.currentScript ?? own[0]);
  const base = script?.src ?? document.baseURI;

  /** @type {Promise<{ bindings: Bindings, sheet: CSSStyleSheet }> | undefined} */
  let widget;
  let tries = 0;

  /** Fetches one asset; the browser refuses it when its hash is another one. */
  const get = async (/** @type {Asset} */ { path, integrity = '' }, /** @type {AbortSignal} */ signal) => {
    const answer = await fetch(new URL(path, base), { integrity, signal, credentials: 'omit' });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
    return answer;
  };

  /** Imports the glue. An import cannot carry a hash, but a preload of the same module can, and it comes first. */
  const glue = async (/** @type {Asset} */ { path, integrity = '' }) => {
    // A module that failed once is remembered as failed under its address; a fragment makes another address of it.
    const href = new URL(path, base).href + (tries > 1 ? `#${tries}` : '');
    const link = document.createElement('link');
    if (link.relList.supports('modulepreload')) {
      await new Promise((resolve, reject) => {
        link.rel = 'modulepreload';
        link.crossOrigin = 'anonymous';
        link.integrity = integrity;
        link.href = href;
        link.onload = resolve;
        link.onerror = () => reject(new Error(`${path}: blocked, missing or changed`));
        document.head.append(link);
      });
    }
    return import(href);
  };

  const start = async (/** @type {AbortSignal} */ signal) => {
    if (ASSETS.start) return ASSETS.start();
    const [bindings, answer] = await Promise.all([glue(ASSETS.glue), get(ASSETS.wasm, signal)]);
    await bindings.default({ module_or_path: answer });
    return /** @type {Bindings} */ (bindings);
  };

  const load = async () => {
    tries += 1;
    const stop = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => { stop.abort(); reject(new Error('no answer in time')); }, LIMIT_MS);
    });
    try {
      const css = ASSETS.styles?.() ?? get(ASSETS.css, stop.signal).then((answer) => answer.text());
      const [bindings, text] = await Promise.race([Promise.all([start(stop.signal), css]), late]);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return { bindings, sheet };
    } finally {
      clearTimeout(timer);
    }
  };

  /** One load for all elements; a failed one is forgotten, so that the next try is a real one. */
  const loaded = () => {
    widget ??= load().catch((reason) => {
      widget = undefined;
      throw reason;
    });
    return widget;
  };

  const make = (/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes, /** @type {(Node | string)[]} */ ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /**
   * The payment element.
   * @attr checkout - id of a checkout made by the merchant's server
   * @attr product - key of the proxy's price list, instead of a checkout
   * @attr proxy - base URL of the proxy; by default the origin of this script
   * @attr theme - `auto`, `light` or `dark`
   */
  class CalypsoPay extends HTMLElement {
    static observedAttributes = ['checkout', 'product', 'proxy'];

    #root = this.attachShadow({ mode: 'open' });
    #first = new CSSStyleSheet();
    /** @type {Mounted | undefined} */
    #mounted;
    #isPlanned = false;
    #run = 0;

    constructor() {
      super();
      this.#first.replaceSync(FIRST_STYLE);
    }

    connectedCallback() {
      this.#plan();
    }

    disconnectedCallback() {
      this.#plan();
    }

    /** @param {string} _name @param {string | null} before @param {string | null} after */
    attributeChangedCallback(_name, before, after) {
      if (before !== after) this.#plan();
    }

    /** Where the payment stands: a phase, `loading` or `failed`. */
    get state() {
      return this.dataset.state ?? 'loading';
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
      });
    }

    #stop() {
      this.#run += 1;
      const mounted = this.#mounted;
      this.#mounted = undefined;
      mounted?.unmount();
      mounted?.free();
    }

    async #start() {
      const run = this.#run;
      this.dataset.state = 'loading';
      this.#root.adoptedStyleSheets = [this.#first];
      const bars = [1, 2, 3].map(() => make('div', { class: 'bar' }));
      const skeleton = make('div', { class: 'first', role: 'status', 'aria-label': 'Loading' }, ...bars);
      // What the page wrote inside the element stays to be read until the widget is there.
      const written = this.childElementCount > 0 || this.textContent?.trim();
      this.#root.replaceChildren(written ? make('slot', {}) : skeleton);
      try {
        const { bindings, sheet } = await loaded();
        if (run !== this.#run) return;
        this.#root.adoptedStyleSheets = [sheet];
        this.#root.replaceChildren();
        const proxy = this.getAttribute('proxy') || new URL(base).origin;
        this.#mounted = bindings.mount(this, this.#root, new URL(proxy, document.baseURI).href, this.getAttribute('checkout') ?? undefined, this.getAttribute('product') ?? undefined);
      } catch (reason) {
        if (run === this.#run) this.#fail(reason);
      }
    }

    /** @param {unknown} reason */
    #fail(reason) {
      this.dataset.state = 'failed';
      const retry = make('button', { type: 'button' }, 'Try again');
      retry.addEventListener('click', () => this.#plan());
      const message = make('p', { part: 'message', role: 'alert' }, 'The payment form could not be loaded. Check your connection and try again.');
      this.#root.adoptedStyleSheets = [this.#first];
      this.#root.replaceChildren(make('div', { class: 'first' }, message, retry), make('slot', {}));
      const detail = { code: 'widget_not_loaded', message: reason instanceof Error ? reason.message : String(reason) };
      this.dispatchEvent(new CustomEvent('calypso-error', { detail, bubbles: true, composed: true }));
    }
  }

  for (const name of ['checkout', 'product', 'proxy', 'theme']) {
    Object.defineProperty(CalypsoPay.prototype, name, {
      get() { return this.getAttribute(name) ?? ''; },
      set(value) { this.setAttribute(name, value); },
      enumerable: true,
      configurable: true,
    });
  }

  // A second tag with this script, or a second version of it, leaves the element as it is.
  if (!customElements.get(NAME)) customElements.define(NAME, CalypsoPay);

  // The drop-in: a script tag with data-checkout or data-product is followed by its element.
  for (const tag of document.currentScript ? [script] : own) {
    if (!tag || tag.dataset.placed || !(tag.dataset.checkout || tag.dataset.product)) continue;
    tag.dataset.placed = 'true';
    const element = document.createElement(NAME);
    for (const name of ['checkout', 'product', 'proxy', 'theme']) {
      const value = tag.dataset[name];
      if (value) element.setAttribute(name, value);
    }
    // In the head nothing can be seen: there the end of the page is the place.
    const place = () => (tag.closest('head') ? document.body.append(element) : tag.after(element));
    if (document.body) place();
    else document.addEventListener('DOMContentLoaded', place, { once: true });
  }
})();

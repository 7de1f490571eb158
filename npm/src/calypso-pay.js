// The loader of <calypso-pay>: defines the element, shows at once that something is coming, fetches the widget's
// stylesheet and module with their hashes checked, and hands over to it. The build puts the module's glue into it, so its
// hash covers every script of the widget.
//
// It runs unchanged as a module and as a classic script (so: no import or export statements), touches nothing on the page but
// its own element, and works under `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'` with
// Trusted Types.
//
// Whom the widget asks is decided here, and nothing that markup or a polluted prototype can set takes part in it (decision 0008):
// - no name is read from `document`, where `<img name=head>` would stand in the way, but taken from the prototypes;
// - this script knows its own address from the stack of an error, never from a tag;
// - attributes are read as attributes, and what is handed to the browser has no prototype.

(() => {
  'use strict';

  /**
   * A file of the widget: its path beside this script and the hash that it must have.
   * @typedef {{ path: string, integrity: string }} Asset
   */

  /**
   * What the module gives to the loader.
   * @typedef {(host: HTMLElement, root: ShadowRoot, proxy: string, checkout?: string, product?: string) => Mounted} Mount
   * @typedef {{ refresh: () => void, unmount: () => void, free: () => void }} Mounted
   * @typedef {{ mount: Mount, imports: () => WebAssembly.Imports, finish: (instance: { exports: object }, module: WebAssembly.Module) => void }} Bindings
   */

  /**
   * The loaded widget. `falls` are called when its module stops.
   * @typedef {{ mount: Mount, sheet: CSSStyleSheet, falls: Set<(reason: unknown) => void> }} Widget
   */

  /**
   * Written by the build. Under Trunk a variable of that name instead, with `start` and `styles` (see trunk.js).
   * @type {{ wasm: Asset, css: Asset, bind: () => Bindings, start?: () => Promise<{ mount: Mount }>, styles?: () => Promise<string> }}
   */
  const ASSETS = __CALYPSO_ASSETS__;
  const NAME = 'calypso-pay';
  const LIMIT_MS = 30_000;
  /** The attributes of the element; with `data-` before them those of a drop-in's tag. */
  const ATTRIBUTES = ['checkout', 'product', 'proxy', 'theme'];
  /** The states in which an address is shown or money is on its way. */
  const ASKING = ['awaiting', 'detected', 'underpaid', 'reviewing', 'intervention'];

  /** Enough to see the skeleton and a failure before the stylesheet is there, or when it never comes. */
  const FIRST_STYLE = [
    ':host{display:block;min-height:12rem;font:16px/1.5 system-ui,sans-serif}:host([hidden]){display:none}',
    '.first{padding:1.5rem;border:1px solid #8884;border-radius:1rem}',
    '.bar{height:2.75rem;margin:.5rem 0;border-radius:.6rem;background:#8883}',
    'button{min-height:44px;padding:0 1.25rem;font:inherit;font-weight:600;cursor:pointer}a{display:block;padding:.6rem 0}',
  ].join('');

  /** What the buyer reads where the widget cannot be. */
  const SAY = {
    load: 'The payment form could not be loaded. Check your connection and try again.',
    policy: 'The payment form cannot start on this page.',
    refused: 'The payment was stopped: this page names a payment server that it may not use. Do not pay here, and tell the shop.',
    changed: 'The payment was stopped: the page changed the payment server. Do not pay here, and tell the shop.',
    fallen: 'The payment form has stopped. Try again to see where your payment stands.',
  };

  /** A reason to show no widget, with a code for programs, a sentence for the developer and one for the buyer. */
  class Stop extends Error {
    /** @param {string} code @param {string} message @param {string} said @param {boolean} [again] whether trying again may help */
    constructor(code, message, said, again = false) {
      super(message);
      this.code = code;
      this.said = said;
      this.again = again;
    }
  }

  /**
   * An object that inherits nothing, for where the browser or the language reads options: `Object.prototype.mode` is no option of ours.
   * @template {object} T @param {T} fields @returns {T}
   */
  const bare = (fields) => Object.assign(Object.create(null), fields);

  /** Calls a method or getter of a prototype on `target`, whatever stands under its name on the target itself. */
  const call = (/** @type {Function} */ method, /** @type {unknown} */ target, /** @type {unknown[]} */ ...given) => Reflect.apply(method, target, given);
  const read = (/** @type {object} */ prototype, /** @type {string} */ name, /** @type {unknown} */ target) => {
    const { get } = bare(Object.getOwnPropertyDescriptor(prototype, name) ?? {});
    return get && call(get, target);
  };
  const attribute = (/** @type {Element} */ element, /** @type {string} */ name) =>
    /** @type {string | null} */ (call(Element.prototype.getAttribute, element, name));
  const listen = (/** @type {EventTarget} */ target, /** @type {string} */ name, /** @type {(event: any) => void} */ heard, /** @type {boolean} */ early = false) =>
    call(EventTarget.prototype.addEventListener, target, name, heard, early);
  const all = (/** @type {string} */ selector) =>
    [.../** @type {NodeListOf<HTMLElement>} */ (call(Document.prototype.querySelectorAll, document, selector))];

  const make = (/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes, /** @type {(Node | string)[]} */ ...children) => {
    /** @type {HTMLElement} */
    const node = call(Document.prototype.createElement, document, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const told = new Set();
  /** Tells the developer, once. */
  const tell = (/** @type {string} */ message) => {
    if (told.has(message)) return;
    told.add(message);
    console.error(`${NAME}: ${message}`);
  };

  /**
   * The address this script was fetched from, of a kind that no markup can set: the first frame of an error's stack. A tag's `src` is
   * no answer: in a module it is not known which tag that is, and `<base>` changes what a `src` means after the script was fetched.
   */
  const own = (() => {
    try {
      const error = new Error();
      const written = Object.getOwnPropertyDescriptor(error, 'stack');
      // Firefox has a getter on the prototype; a plain text there is none of the engine's.
      const stack = `${written ? error.stack : read(Error.prototype, 'stack', error)}`;
      // Chromium writes the error's name and message above the frames, and both can be polluted.
      const head = `${error}`;
      const frames = (stack.startsWith(head) ? stack.slice(head.length) : stack).trim();
      const frame = /^(?:at (?:.*?\()?|[^@\n]*@)?(https?:\/\/.+?):\d+:\d+\)?$/.exec(frames.split('\n')[0]);
      const url = new URL(frame ? frame[1] : '');
      url.hash = '';
      return url;
    } catch {
      return null;
    }
  })();

  const unknown = () => new Stop(
    'loader_unknown',
    'the address of this script could not be found in the stack of an error, so it is not known which proxy to ask (is Error.stackTraceLimit 0, or Error.prepareStackTrace set?)',
    SAY.policy,
  );

  /** The running tag of a classic script; a module has none. */
  const current = read(Document.prototype, 'currentScript', document);
  const running = current instanceof HTMLScriptElement ? current : null;

  /** Whether a tag is one of this very script. Its `src` is read with the page's `<base>` and without, which may have come later. */
  const isOwn = (/** @type {Element} */ tag) => tag instanceof HTMLScriptElement && (!own || [read(HTMLScriptElement.prototype, 'src', tag), attribute(tag, 'src')].some((src) => {
    try {
      const url = new URL(src, location.href);
      url.hash = '';
      return url.href === own.href;
    } catch {
      return false;
    }
  }));

  /**
   * The tags of this script that ran. Of a classic script the browser names the tag; of a module it fires `load` at the tag right after
   * the module ran. Neither can be had by markup that does not run.
   */
  const ran = new Set(running ? [running] : []);
  listen(document, 'load', (event) => {
    const tag = read(Event.prototype, 'target', event);
    if (event.isTrusted && isOwn(tag)) ran.add(tag);
  }, true);
  /** The task after this one: the tag that started this module has had its `load`. */
  const settled = new Promise((resolve) => { setTimeout(resolve); });

  const base = (/** @type {URL} */ { origin, pathname }) => (origin + pathname).replace(/\/+$/, '');

  /** Whether the page's author allows a proxy elsewhere: every tag that ran must list its origin, or it with its path, in `data-proxies`. */
  const isListed = (/** @type {URL} */ proxy) => {
    const lists = (/** @type {HTMLElement} */ tag) => (attribute(tag, 'data-proxies') ?? '').split(/\s+/).some((listed) => {
      try {
        return [proxy.origin, base(proxy)].includes(base(new URL(listed)));
      } catch {
        return false;
      }
    });
    return ran.size > 0 && [...ran].every(lists);
  };

  /**
   * The proxy that an element may ask: the loader's own origin or directory, or one that is listed. Relative to the loader, never to the
   * page. Another path of the same origin is another server: an upload of a stranger may be there, or a redirect.
   */
  const proxyOf = async (/** @type {HTMLElement} */ element) => {
    if (!own) throw unknown();
    const wanted = (attribute(element, 'proxy') ?? '').trim();
    const refuse = (/** @type {string} */ why) => new Stop('proxy_not_allowed', `proxy="${wanted}" is not asked: ${why}`, SAY.refused);
    let url;
    try {
      url = new URL(wanted || '/', own);
    } catch {
      throw refuse('an absolute http(s) address or a path on the loader\'s origin was expected');
    }
    if (!/^https?:$/.test(url.protocol)) throw refuse('only http and https addresses can be asked');
    const proxy = base(url);
    if (proxy === own.origin || proxy === base(new URL('.', own))) return proxy;
    await settled;
    if (!isListed(url)) {
      throw refuse(`the widget asks ${own.origin}, where its script comes from; to allow another, write data-proxies="${url.origin}" into every script tag of ${own.href}`);
    }
    return proxy;
  };

  /** Fetches one asset. The browser refuses it when its hash is another one; what stands between us and the browser may not. */
  const get = async (/** @type {Asset} */ { path, integrity }, /** @type {AbortSignal} */ signal) => {
    if (!own) throw unknown();
    // With the credentials of a preload tag, so that such a tag is not downloaded twice.
    const answer = await fetch(new URL(path, own), bare({ integrity, signal, credentials: /** @type {const} */ ('same-origin') }));
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
    const bytes = await answer.arrayBuffer();
    // Where there is one: pages without https have no `subtle`.
    const hash = await crypto.subtle?.digest('SHA-384', bytes);
    if (hash && integrity !== `sha384-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`) throw new Error(`${path}: changed on its way`);
    return bytes;
  };

  /**
   * The module's functions, so that one that stops by an exception is noticed whoever called it (a timer, a click, an answer). Nothing of
   * such a module can be relied on any more, so it is not called again.
   */
  const guarded = (/** @type {WebAssembly.Exports} */ exports, /** @type {(reason: unknown) => void} */ fall) => {
    let hasFallen = false;
    const guard = (/** @type {unknown} */ value) => (typeof value !== 'function' ? value : (/** @type {unknown[]} */ ...given) => {
      if (hasFallen) return undefined;
      try {
        return value(...given);
      } catch (reason) {
        hasFallen = true;
        fall(reason);
        throw reason;
      }
    });
    return bare(Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, guard(value)])));
  };

  const start = async (/** @type {AbortSignal} */ signal, /** @type {(reason: unknown) => void} */ fall) => {
    if (ASSETS.start) return ASSETS.start();
    const bytes = await get(ASSETS.wasm, signal);
    // New glue for each try: it holds the state of its module.
    const bindings = ASSETS.bind();
    const { instance, module } = await WebAssembly.instantiate(bytes, bindings.imports());
    bindings.finish(bare({ exports: guarded(instance.exports, fall) }), module);
    return bindings;
  };

  /** @type {Promise<Widget> | undefined} */
  let widget;

  /** @returns {Promise<Widget>} */
  const load = async () => {
    const stop = new AbortController();
    /** @type {Widget['falls']} */
    const falls = new Set();
    const fall = (/** @type {unknown} */ reason) => {
      widget = undefined;
      for (const heard of [...falls]) heard(reason);
    };
    /** @type {string | undefined} */
    let refused;
    const refuse = (/** @type {SecurityPolicyViolationEvent} */ { blockedURI, effectiveDirective }) => {
      if (blockedURI === 'wasm-eval') refused = '\'wasm-unsafe-eval\' to script-src';
      else if (own && blockedURI.startsWith(own.origin)) refused = `${own.origin} to ${effectiveDirective}`;
    };
    listen(document, 'securitypolicyviolation', refuse);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => { stop.abort(); reject(new Error('no answer in time')); }, LIMIT_MS);
    });
    try {
      const css = ASSETS.styles?.() ?? get(ASSETS.css, stop.signal).then((bytes) => new TextDecoder().decode(bytes));
      const [{ mount }, text] = await Promise.race([Promise.all([start(stop.signal, fall), css]), late]);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return bare({ mount, sheet, falls });
    } catch (reason) {
      // The browser tells of its policy a moment later than of the failure.
      await new Promise((resolve) => { setTimeout(resolve); });
      // The bytes are the right ones, so it is not they that the browser refuses to compile.
      if (reason instanceof WebAssembly.CompileError) refused ??= '\'wasm-unsafe-eval\' to script-src';
      if (!refused) throw reason;
      throw new Stop('policy_refused', `this page's Content-Security-Policy refuses the widget: add ${refused}`, SAY.policy);
    } finally {
      clearTimeout(timer);
      call(EventTarget.prototype.removeEventListener, document, 'securitypolicyviolation', refuse);
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

  /**
   * A proxy that gives its public files to any page, but no answer to this one, does not know this page's origin. The browser keeps
   * that from the page, so the developer reads it here.
   */
  const explain = async (/** @type {string} */ proxy) => {
    if (new URL(proxy).origin === location.origin) return;
    const answer = await fetch(`${proxy}/integrity.json`, bare({ credentials: /** @type {const} */ ('omit') })).catch(() => null);
    if (answer?.ok) tell(`the proxy at ${proxy} is there but does not answer this page: add "${location.origin}" to allowed_origins in its configuration`);
  };

  /**
   * The payment element.
   * @attr checkout - id of a checkout made by the merchant's server
   * @attr product - key of the proxy's price list, instead of a checkout
   * @attr proxy - base URL of the proxy; by default the origin of this script, and otherwise one that `data-proxies` of its tag lists
   * @attr theme - `auto`, `light` or `dark`
   */
  class CalypsoPay extends HTMLElement {
    static observedAttributes = ['checkout', 'product', 'proxy'];
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
      for (const name of ATTRIBUTES) {
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
          throw new Stop('proxy_changed', `the attribute proxy was changed from ${this.#bound} to ${this.#proxy} while money was asked for; take the element off the page and put a new one there`, SAY.changed);
        }
        const bars = [1, 2, 3].map(() => make('div', { class: 'bar' }));
        const skeleton = make('div', { class: 'first', role: 'status', 'aria-label': 'Loading' }, ...bars);
        // What the page wrote inside the element stays to be read until the widget is there.
        const written = this.childElementCount > 0 || this.textContent?.trim();
        this.#root.replaceChildren(written ? make('slot', {}) : skeleton);
        const { mount, sheet, falls } = await loaded();
        if (run !== this.#run) return;
        this.#root.adoptedStyleSheets = [sheet];
        this.#root.replaceChildren();
        this.#mounted = mount(this, this.#root, this.#proxy, attribute(this, 'checkout') ?? undefined, attribute(this, 'product') ?? undefined);
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
      if (checkout && (again || code === 'policy_refused')) {
        const href = `${this.#proxy}/pay/${encodeURIComponent(checkout)}`;
        shown.push(make('a', { href, rel: 'noreferrer' }, 'Open the payment page'));
      }
      this.#root.adoptedStyleSheets = [this.#first];
      this.#root.replaceChildren(make('div', { class: 'first', lang: 'en', dir: 'ltr' }, ...shown), make('slot', {}));
      this.dispatchEvent(new CustomEvent('calypso-error', bare({ detail: { code, message }, bubbles: true, composed: true })));
    }
  }

  for (const name of ATTRIBUTES) {
    Object.defineProperty(CalypsoPay.prototype, name, bare({
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

  // A second tag with this script leaves the element as it is. Another script's element of this name is not ours.
  const defined = /** @type {typeof CalypsoPay | undefined} */ (customElements.get(NAME));
  if (!defined) customElements.define(NAME, CalypsoPay);
  else if (!own || defined.definedBy !== own.href) {
    tell(`<${NAME}> was defined by another script before this one (${defined.definedBy ?? 'unknown'}), so this script does nothing: its payments are not those of ${own?.origin}`);
  }

  // The drop-in: a script tag with data-checkout or data-product is followed by its element. A classic script places its own; a
  // module runs once for all its tags. Where the page took the way to tell them apart, every tag is followed by one.
  const kind = current === undefined ? '' : '[type="module" i]';
  for (const tag of running ? [running] : all(`script${kind}[src]`).filter(isOwn)) {
    const element = make(NAME, {});
    for (const name of ATTRIBUTES) {
      const value = attribute(tag, `data-${name}`);
      if (value) element.setAttribute(name, value);
    }
    if (!element.hasAttribute('checkout') && !element.hasAttribute('product')) continue;
    const body = () => /** @type {HTMLElement | null} */ (read(Document.prototype, 'body', document));
    // In the head nothing can be seen: there the end of the page is the place.
    const place = () => (tag.closest('head') ? body()?.append(element) : tag.after(element));
    if (body()) place();
    else listen(document, 'DOMContentLoaded', place);
  }
})();

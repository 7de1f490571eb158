// The widget's files: which there are, and how its module is fetched, checked and started.

import { own, unknown } from './own.js';
import { bare, call, listen } from './page.js';
import { SAY, Stop } from './stop.js';

/**
 * A file of the widget: its path beside this script and the hash that it must have.
 * @typedef {{ path: string, integrity: string }} Asset
 */

/**
 * What the element asks for: its attributes as they are written, `null` where there is none, but `proxy` as it was found to be allowed.
 * @typedef {{ checkout: string | null, product: string | null, theme: string | null, proxy: string }} Options
 */

/**
 * What the module gives to the loader.
 * @typedef {(host: HTMLElement, root: ShadowRoot, options: Options) => Mounted} Mount
 * @typedef {{ refresh: () => void, unmount: () => void, free: () => void }} Mounted
 * @typedef {{ mount: Mount, imports: () => WebAssembly.Imports, finish: (instance: { exports: object }, module: WebAssembly.Module) => void }} Bindings
 */

/**
 * The loaded widget. `falls` are called when its module stops.
 * @typedef {{ mount: Mount, sheet: CSSStyleSheet, falls: Set<(reason: unknown) => void> }} Widget
 */

/**
 * What every buyer loads: module, stylesheet, and the glue between module and page. Under Trunk `start` and `styles` instead (see trunk.js).
 * @typedef {{ wasm: Asset, css: Asset, bind: () => Bindings, start?: () => Promise<{ mount: Mount }>, styles?: () => Promise<string> }} Core
 */

/**
 * The manifest, written by the build. Besides the core it has the files that are loaded for some buyers only: sentences by their language,
 * and what talks to a wallet.
 * @type {{ core: Core, languages?: Record<string, Asset>, wallet?: Asset }}
 */
const { core: CORE } = __CALYPSO_ASSETS__;
const LIMIT_MS = 30_000;

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
  if (CORE.start) return CORE.start();
  const bytes = await get(CORE.wasm, signal);
  // New glue for each try: it holds the state of its module.
  const bindings = CORE.bind();
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
    const css = CORE.styles?.() ?? get(CORE.css, stop.signal).then((bytes) => new TextDecoder().decode(bytes));
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
export const loaded = () => {
  widget ??= load().catch((reason) => {
    widget = undefined;
    throw reason;
  });
  return widget;
};

// The widget's files: which there are, and how its module is fetched, checked and started.

import { own, unknown } from './own.js';
import { bare, call, listen } from './page.js';
import { SAY, Stop } from './stop.js';

/**
 * A file of the widget: its path beside this script and the hash that it must have.
 * @typedef {{ path: string, integrity: string }} Asset
 */

/**
 * What the element asks for: the attribute that names what is to be paid, and what it says; the proxy as it was found to be allowed; and, where the
 * element has an `attest-key`, what says whether one of its keys signed a claim.
 * @typedef {{ named: string, value: string | null, proxy: string, judge?: (claim: string) => boolean }} Options
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
 * The manifest, written by the build. Besides the core it has the files that are loaded for some buyers only: what judges signatures,
 * sentences by their language, and what talks to a wallet.
 * @type {{ core: Core, verifier?: Asset, languages?: Record<string, Asset>, wallet?: Asset }}
 */
const { core: CORE, verifier: VERIFIER } = __CALYPSO_ASSETS__;
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

/** The core's module, started with new glue for each try: it holds the state of its module. */
const start = async (/** @type {AbortSignal} */ signal, /** @type {(reason: unknown) => void} */ fall) => {
  if (CORE.start) return CORE.start();
  const bytes = await get(CORE.wasm, signal);
  const bindings = CORE.bind();
  const { instance, module } = await WebAssembly.instantiate(bytes, bindings.imports());
  bindings.finish(bare({ exports: guarded(instance.exports, fall) }), module);
  return bindings;
};

/**
 * What is loaded once for all elements, within the time limit; a policy that refuses it is named. What failed is forgotten, so that the
 * next try is a real one.
 * @template T @param {(signal: AbortSignal, forget: () => void) => Promise<T>} load
 */
const once = (load) => {
  /** @type {Promise<T> | undefined} */
  let made;
  const forget = () => { made = undefined; };
  const make = async () => {
    const stop = new AbortController();
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
      return /** @type {T} */ (await Promise.race([load(stop.signal, forget), late]));
    } catch (reason) {
      forget();
      // The browser tells of its policy a moment later than of the failure.
      await new Promise((resolve) => { setTimeout(resolve); });
      // The bytes are the right ones, so it is not they that the browser refuses to compile.
      if (reason instanceof WebAssembly.CompileError) refused ??= '\'wasm-unsafe-eval\' to script-src';
      if (!refused) throw reason;
      throw new Stop('policy_refused', `the Content-Security-Policy refuses the widget: add ${refused}`, SAY.policy);
    } finally {
      clearTimeout(timer);
      call(EventTarget.prototype.removeEventListener, document, 'securitypolicyviolation', refuse);
    }
  };
  return () => made ??= make();
};

export const loaded = once(async (signal, forget) => {
  /** @type {Widget['falls']} */
  const falls = new Set();
  const fall = (/** @type {unknown} */ reason) => {
    forget();
    for (const heard of [...falls]) heard(reason);
  };
  const css = CORE.styles?.() ?? get(CORE.css, signal).then((bytes) => new TextDecoder().decode(bytes));
  const [{ mount }, text] = await Promise.all([start(signal, fall), css]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return bare({ mount, sheet, falls });
});

/** What judges signatures: given an element's keys it gives the function that knows them. A claim that was found true is not judged twice. */
export const verifier = once(async (signal) => {
  // Trunk's build has none, so there it fails.
  const { instance } = await WebAssembly.instantiate(await get(/** @type {Asset} */ (VERIFIER), signal), {});
  const { memory, room, judge } = /** @type {{ memory: WebAssembly.Memory, room: (length: number) => number, judge: (length: number) => number }} */ (/** @type {unknown} */ (instance.exports));
  return (/** @type {string} */ keys) => {
    const judged = (/** @type {string} */ claim) => {
      const text = new TextEncoder().encode(`${keys.replace(/\s+/g, ' ')}\n${claim}`);
      new Uint8Array(memory.buffer).set(text, room(text.length));
      return judge(text.length);
    };
    if (judged('') > 1) throw new Stop('attest_key_malformed', `expected Ed25519 public keys in base64url, came attest-key="${keys}"`, SAY.wrong);
    /** @type {string} */
    let good;
    return (/** @type {string} */ claim) => {
      if (claim !== good && judged(claim)) return false;
      good = claim;
      return true;
    };
  };
});

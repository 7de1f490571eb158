// Whom the widget asks.

import { own, ran, settled, unknown } from './own.js';
import { attribute, bare, tell } from './page.js';
import { SAY, Stop } from './stop.js';

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
export const proxyOf = async (/** @type {HTMLElement} */ element) => {
  if (!own) throw unknown();
  const wanted = (attribute(element, 'proxy') ?? '').trim();
  const refuse = (/** @type {string} */ why) => new Stop('proxy_not_allowed', `proxy="${wanted}" is not asked: ${why}`, SAY.refused);
  /** @type {URL | undefined} */
  let url;
  try {
    url = new URL(wanted || '/', own);
  } catch { /* as one of another kind */ }
  if (!url || !/^https?:/.test(url.href)) throw refuse('an http(s) address or a path on the loader\'s origin was expected');
  const proxy = base(url);
  if (proxy === own.origin || proxy === base(new URL('.', own))) return proxy;
  await settled;
  if (!isListed(url)) {
    throw refuse(`the widget asks ${own.origin}, where its script comes from; for another, write data-proxies="${url.origin}" into every script tag of ${own.href}`);
  }
  return proxy;
};

/**
 * A proxy that gives its public files to any page, but no answer to this one, does not know this page's origin. The browser keeps
 * that from the page, so the developer reads it here.
 */
export const explain = async (/** @type {string} */ proxy) => {
  if (new URL(proxy).origin === location.origin) return;
  const answer = await fetch(`${proxy}/integrity.json`, bare({ credentials: /** @type {const} */ ('omit') })).catch(() => null);
  if (answer?.ok) tell(`the proxy at ${proxy} does not answer this page: add "${location.origin}" to its allowed_origins`);
};

// Which script this is, and which of the page's tags are its own. The build joins the loader's files into one script, whose address this is.

import { attribute, listen, read } from './page.js';
import { SAY, Stop } from './stop.js';

/**
 * The address this script was fetched from, of a kind that no markup can set: the first frame of an error's stack. A tag's `src` is
 * no answer: in a module it is not known which tag that is, and `<base>` changes what a `src` means after the script was fetched.
 */
export const own = (() => {
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

export const unknown = () => new Stop(
  'loader_unknown',
  'the stack of an error does not name this script (Error.stackTraceLimit, Error.prepareStackTrace)',
  SAY.policy,
);

/** The running tag of a classic script; a module has none. */
export const current = read(Document.prototype, 'currentScript', document);
export const running = current instanceof HTMLScriptElement ? current : null;

/** Whether a tag is one of this very script. Its `src` is read with the page's `<base>` and without, which may have come later. */
export const isOwn = (/** @type {Element} */ tag) => tag instanceof HTMLScriptElement && (!own || [read(HTMLScriptElement.prototype, 'src', tag), attribute(tag, 'src')].some((src) => {
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
export const ran = new Set(running ? [running] : []);
listen(document, 'load', (event) => {
  const tag = read(Event.prototype, 'target', event);
  if (event.isTrusted && isOwn(tag)) ran.add(tag);
}, true);
/** The task after this one: the tag that started this module has had its `load`. */
export const settled = new Promise((resolve) => { setTimeout(resolve); });

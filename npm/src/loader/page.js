// The page, read so that nothing that markup or a polluted prototype can set takes part (decision 0008): no name is read from `document`,
// where `<img name=head>` would stand in the way, but taken from the prototypes; attributes are read as attributes.

import { NAME } from './names.js';

/**
 * An object that inherits nothing, for where the browser or the language reads options: `Object.prototype.mode` is no option of ours.
 * @template {object} T @param {T} fields @returns {T}
 */
export const bare = (fields) => Object.assign(Object.create(null), fields);

/** Calls a method or getter of a prototype on `target`, whatever stands under its name on the target itself. */
export const call = (/** @type {Function} */ method, /** @type {unknown} */ target, /** @type {unknown[]} */ ...given) => Reflect.apply(method, target, given);
export const read = (/** @type {object} */ prototype, /** @type {string} */ name, /** @type {unknown} */ target) => {
  const { get } = bare(Object.getOwnPropertyDescriptor(prototype, name) ?? {});
  return get && call(get, target);
};
export const attribute = (/** @type {Element} */ element, /** @type {string} */ name) =>
  /** @type {string | null} */ (call(Element.prototype.getAttribute, element, name));
export const listen = (/** @type {EventTarget} */ target, /** @type {string} */ name, /** @type {(event: any) => void} */ heard, /** @type {boolean} */ early = false) =>
  call(EventTarget.prototype.addEventListener, target, name, heard, early);
export const all = (/** @type {string} */ selector) =>
  [.../** @type {NodeListOf<HTMLElement>} */ (call(Document.prototype.querySelectorAll, document, selector))];

export const make = (/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes, /** @type {(Node | string)[]} */ ...children) => {
  /** @type {HTMLElement} */
  const node = call(Document.prototype.createElement, document, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const told = new Set();
/** Tells the developer, once. */
export const tell = (/** @type {string} */ message) => {
  if (told.has(message)) return;
  told.add(message);
  console.error(`${NAME}: ${message}`);
};

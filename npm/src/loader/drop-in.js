// The drop-in: a script tag with data-checkout, data-product or data-order is followed by its element.

import { ATTRIBUTES, NAME, ORDERS } from './names.js';
import { current, isOwn, running } from './own.js';
import { all, attribute, listen, make, read } from './page.js';

// A classic script places its own; a module runs once for all its tags. Where the page took the way to tell them apart, every tag is followed by one.
const kind = current === undefined ? '' : '[type="module" i]';
for (const tag of running ? [running] : all(`script${kind}[src]`).filter(isOwn)) {
  const element = make(NAME, {});
  for (const name of ATTRIBUTES) {
    const value = attribute(tag, `data-${name}`);
    // Empty, `data-attest-key` is a mistake to be told; left out, it would ask for nothing.
    if (value || (value === '' && name === 'attest-key')) element.setAttribute(name, value);
  }
  if (!ORDERS.some((name) => element.hasAttribute(name))) continue;
  const body = () => /** @type {HTMLElement | null} */ (read(Document.prototype, 'body', document));
  // In the head nothing can be seen: there the end of the page is the place.
  const place = () => (tag.closest('head') ? body()?.append(element) : tag.after(element));
  if (body()) place();
  else listen(document, 'DOMContentLoaded', place);
}

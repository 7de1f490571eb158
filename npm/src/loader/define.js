// The name <calypso-pay> is given to the element, once.

import { CalypsoPay } from './element.js';
import { NAME } from './names.js';
import { own } from './own.js';
import { tell } from './page.js';

// A second tag with this script leaves the element as it is. Another script's element of this name is not ours.
const defined = /** @type {typeof CalypsoPay | undefined} */ (customElements.get(NAME));
if (!defined) customElements.define(NAME, CalypsoPay);
else if (!own || defined.definedBy !== own.href) {
  tell(`<${NAME}> was defined by another script (${defined.definedBy})`);
}

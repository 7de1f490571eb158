// The names of the element and of its attributes.

export const NAME = 'calypso-pay';
/** The attributes of the element; with `data-` before them those of a drop-in's tag. */
export const ATTRIBUTES = ['checkout', 'product', 'order', 'proxy', 'attest-key', 'theme'];
/** Those that name what is to be paid. */
export const ORDERS = ATTRIBUTES.slice(0, 3);
/** The property of an attribute. */
export const property = (/** @type {string} */ name) => name.replace('-k', 'K');

// The names of the element and of its attributes.

export const NAME = 'calypso-pay';
/** The attributes of the element; with `data-` before them those of a drop-in's tag. */
export const ATTRIBUTES = ['checkout', 'product', 'proxy', 'theme'];

// Why there is no widget, and what the buyer reads then.

const stopped = (/** @type {string} */ why) => `The payment was stopped: ${why}. Do not pay here, and tell the shop.`;

/** What the buyer reads where the widget cannot be. */
export const SAY = {
  load: 'The payment form could not be loaded. Check your connection and try again.',
  policy: 'The payment form cannot start on this page.',
  refused: stopped('this page names a payment server that it may not use'),
  wrong: stopped('something on this page is not right'),
  fallen: 'The payment form has stopped. Try again to see where your payment stands.',
};

/** A reason to show no widget, with a code for programs, a sentence for the developer and one for the buyer. */
export class Stop extends Error {
  /** @param {string} code @param {string} message @param {string} said @param {boolean} [again] whether trying again may help */
  constructor(code, message, said, again = false) {
    super(message);
    this.code = code;
    this.said = said;
    this.again = again;
  }
}

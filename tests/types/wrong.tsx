// Mistakes that the types must find: each line marked here must not compile, or the check of this file fails.

const element = document.createElement('calypso-pay');
// @ts-expect-error the state is read only
element.state = 'paid';
// @ts-expect-error no such theme
element.theme = 'blue';
// @ts-expect-error a method that is none
element.pay();
// @ts-expect-error the event tells a code, no status
element.addEventListener('calypso-error', ({ detail }) => console.log(detail.status));
// @ts-expect-error only one kind of error names a field
element.addEventListener('calypso-error', ({ detail }) => detail.field.length);
// @ts-expect-error only the answer that made the checkout has the link
element.addEventListener('calypso-ready', ({ detail }) => detail.checkout.url.length);
// @ts-expect-error amounts are texts, never numbers
element.addEventListener('calypso-paid', ({ detail }) => detail.checkout.price!.amount * 2);

// @ts-expect-error an amount is no attribute: the price comes from the merchant's server
export const cheap = <calypso-pay amount="0.01" />;
// @ts-expect-error no such theme
export const blue = <calypso-pay theme="blue" />;

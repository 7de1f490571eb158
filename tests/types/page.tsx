// A page that uses the element as its documentation says: this must compile.

const element = document.querySelector('calypso-pay');
element?.addEventListener('calypso-change', ({ detail }) => {
  const state: CalypsoPayElement['state'] = detail.state;
  if (state === 'paid') console.log(detail.checkout?.id.toUpperCase());
});
document.addEventListener('calypso-error', ({ detail: { code, message } }) => console.error(code.concat(message)));
document.addEventListener('calypso-error', ({ detail: { field } }) => console.error(field?.startsWith('invoice.')));
document.addEventListener('calypso-ready', ({ detail }) => console.log(detail.checkout.url?.length));
document.body.addEventListener('calypso-paid', ({ detail }) => console.log(detail.checkout.invoice?.transaction?.length));

const made: CalypsoPayElement = document.createElement('calypso-pay');
made.checkout = '0192f0c8-3b1e-7d4a-9c55-3f2a7be01d64';
made.theme = 'dark';
made.attestKey = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
made.refresh();

export const order = (
  <calypso-pay checkout={made.checkout} attest-key={made.attestKey} theme="light" id="order" oncalypso-paid={({ detail }) => console.log(detail.checkout.state)}>
    The payment form is loading.
  </calypso-pay>
);

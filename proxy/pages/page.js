// Says in the page's title where the payment stands, so that its tab is found among others. What the widget shows decides nothing here
// and nothing is sent anywhere.
const WORDS = new Map([
  ['detected', 'Payment seen'],
  ['paid', 'Payment received'],
  ['completed', 'Payment complete'],
  ['reviewing', 'Being checked'],
  ['declined', 'Payment declined'],
  ['underpaid', 'A part is missing'],
  ['overpaid', 'More than needed'],
  ['intervention', 'The shop is looking'],
  ['expired', 'Expired'],
  ['archived', 'Closed'],
]);

const { title } = document;

document.addEventListener('calypso-change', ({ detail }) => {
  const words = WORDS.get(detail?.state);
  document.title = words ? `${words} · ${title}` : title;
});

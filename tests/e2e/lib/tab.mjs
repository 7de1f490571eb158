// A page's tab. A browser without a screen never hides one by itself.

/** Makes the page believe that its tab is hidden, or shown again. */
export async function tab(page, state) {
  await page.evaluate((wanted) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => wanted });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => wanted === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

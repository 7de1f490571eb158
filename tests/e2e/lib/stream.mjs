// What a page asks for: streams that tell it what changes, and polls.

/** The streams and the polls of a page, from now on. */
export function watched(page) {
  const seen = { streams: [], polls: 0 };
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/v1\/checkouts\/[^/]+$/.test(pathname) && request.method() === 'GET') seen.polls += 1;
  });
  page.on('response', (response) => {
    if (response.url().endsWith('/events')) seen.streams.push(response.status());
  });
  return seen;
}

/** Waits until the page has a stream, after so many others, and relies on it: three paces without a poll. */
export async function follows(page, seen, others = 0) {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    const before = seen.polls;
    await page.waitForTimeout(9_000);
    if (seen.streams.length > others && seen.polls === before) return;
  }
  throw new Error(`the page does not rely on a stream: ${JSON.stringify(seen)}`);
}

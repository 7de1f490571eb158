// A buyer in front of a page: what they do and what they see, in their words.
import assert from 'node:assert/strict';

import { read } from './qr.mjs';

const PATIENCE_MS = 30_000;

/** Runs in the page before anything else: remembers the widget's events and what the browser refused. */
function remember() {
  window.seen = { events: [], violations: [] };
  const names = ['ready', 'change', 'paid', 'expired', 'error', 'close'];
  for (const name of names) {
    document.addEventListener(`calypso-${name}`, (event) => {
      window.seen.events.push({
        type: event.type,
        detail: event.detail === undefined ? null : JSON.parse(JSON.stringify(event.detail ?? null)),
        element: event.target.localName,
      });
    });
    window.addEventListener(`calypso-${name}`, (event) => {
      if (event.target === window) window.seen.violations.push(`${event.type} was fired on window`);
    });
  }
  document.addEventListener('securitypolicyviolation', (event) => {
    window.seen.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
}

export class Buyer {
  /** Opens a new browser profile; nothing is shared with other buyers. */
  static async arrive(browser, demo, options = {}) {
    const context = await browser.newContext({
      viewport: { width: 900, height: 1000 },
      deviceScaleFactor: 2,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.origin });
    await context.addInitScript(remember);
    const buyer = new Buyer(context, await context.newPage(), demo);
    buyer.#watch();
    return buyer;
  }

  constructor(context, page, demo) {
    this.context = context;
    this.page = page;
    this.demo = demo;
    this.element = page.locator('calypso-pay').first();
    /** Script errors, console errors and requests to somebody else's server. */
    this.surprises = [];
    /** Network failures are part of some stories; they are told apart from script errors. */
    this.expectsNetworkTrouble = false;
    /** In some stories the page is wrong, and what is written to the console about it is what they are about. */
    this.expectsStop = false;
    /** Everything written to the console as an error or warning. */
    this.complaints = [];
    this.checkouts = [];
  }

  #watch() {
    const { page } = this;
    page.on('pageerror', (error) => { if (!this.expectsStop) this.surprises.push(`script error: ${error.message}`); });
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // The browser asks for a shop's icon by itself.
      if (message.location().url.endsWith('/favicon.ico')) return;
      const text = message.text();
      this.complaints.push(text);
      if (this.expectsStop) return;
      if (this.expectsNetworkTrouble && /Failed to load resource|net::ERR_|integrity/.test(text)) return;
      this.surprises.push(`console: ${text} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== this.demo.origin && !this.expectsStop) {
        this.surprises.push(`request to a third party: ${url.href}`);
      }
    });
    page.on('response', async (response) => {
      if (!new URL(response.url()).pathname.startsWith('/v1/checkouts') || response.status() >= 300) return;
      const checkout = await response.json().catch(() => null);
      if (checkout?.id) this.checkouts.push(checkout);
    });
  }

  /** Goes to the demo's shop. */
  async visitsShop() {
    await this.page.goto(this.demo.url);
  }

  /** Opens a page of ours on the demo's origin, with the headers of a strict shop if wanted. */
  async visitsPage(html, { headers = {}, path = '/shop-under-test' } = {}) {
    await this.page.route(`**${path}`, (route) => route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers,
      body: `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"><title>Shop</title></head><body><main><h1>Shop</h1>${html}</main></body></html>`,
    }));
    await this.page.goto(`${this.demo.origin}${path}`);
  }

  /** One named part of the widget. */
  part(name) {
    return this.element.locator(`[part~="${name}"]`);
  }

  /** Waits until the widget shows a phase, or one of several. */
  async sees(...states) {
    try {
      await this.page.waitForFunction(
        (wanted) => wanted.includes(document.querySelector('calypso-pay')?.dataset.state),
        states,
        { timeout: PATIENCE_MS },
      );
    } catch (error) {
      const is = await this.element.getAttribute('data-state').catch(() => 'gone');
      throw new Error(`the widget should show ${states.join(' or ')} and shows ${is}: ${await this.text()}`, { cause: error });
    }
  }

  /** Waits until the money counts. A payment is completed five seconds after it is paid, so on a busy machine that is seen first. */
  async isThanked() {
    await this.sees('paid', 'completed');
  }

  /** Waits until some text is on the widget. */
  async reads(wanted) {
    const pattern = wanted instanceof RegExp ? wanted : new RegExp(wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const limit = Date.now() + PATIENCE_MS;
    let text = '';
    while (Date.now() < limit) {
      text = await this.text();
      if (pattern.test(text)) return text;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`the widget should say ${wanted} and says: ${text}`);
  }

  /** Everything a buyer can read on the widget, on one line. */
  async text() {
    const text = await this.element.evaluate((element) => {
      const visible = [];
      const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) visible.push(node.textContent);
        if (node.nodeType === Node.ELEMENT_NODE) {
          if (['STYLE', 'SCRIPT'].includes(node.tagName)) return;
          // An element without a box of its own is never visible by itself; what is inside may be.
          const { display, visibility } = getComputedStyle(node);
          const boxless = display === 'contents' && visibility === 'visible';
          if (!boxless && !node.checkVisibility({ visibilityProperty: true })) return;
        }
        for (const child of node.childNodes) walk(child);
      };
      walk(element.shadowRoot);
      return visible.join(' ');
    }).catch((error) => `(no widget: ${error.message})`);
    return text.replaceAll(/\s+/g, ' ').trim();
  }

  /** Picks a currency and waits for its invoice. */
  async picks(code) {
    await this.sees('choosing');
    await this.element.locator(`[part~="currency"][data-currency="${code}"]`).click();
    await this.sees('awaiting');
    await this.part('address').waitFor();
  }

  /** The address as it would be copied: without the spaces between its groups. */
  async address() {
    return (await this.part('address').innerText()).replaceAll(/\s+/g, '');
  }

  /** The amount's digits as shown. */
  async amount() {
    const shown = await this.part('amount').innerText();
    return shown.replaceAll(/[\s\u202f\u00a0]/g, '').match(/\d[\d.]*/)?.[0];
  }

  /** What a phone's camera reads from the screen; null when there is no code. */
  async scans() {
    const code = this.part('qr');
    if (!(await code.isVisible())) return null;
    return read(await code.screenshot());
  }

  /** Uses a copy button and gives back the clipboard. */
  async copies(what) {
    await this.part(`copy-${what}`).click();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** The checkout as this buyer's page last got it. */
  get checkout() {
    return this.checkouts.at(-1);
  }

  /** The checkout as the proxy has it now. */
  now() {
    return this.demo.merchant.look(this.checkout.id);
  }

  /** The widget's events on this page, in order; of one kind if a name is given. */
  async events(name) {
    const events = await this.page.evaluate(() => window.seen.events);
    return name ? events.filter(({ type }) => type === `calypso-${name}`) : events;
  }

  /** Nothing on the page broke, was refused, or asked a third party. */
  async assertNothingStrange() {
    const violations = await this.page.evaluate(() => window.seen?.violations ?? []);
    assert.deepEqual([...this.surprises, ...this.expectsStop ? [] : violations], []);
  }

  async leaves() {
    await this.context.close();
  }
}

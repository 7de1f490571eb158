// One story: a fresh demo, a fresh browser profile, and at its end a look for anything strange.
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Buyer } from './buyer.mjs';
import { Demo } from './demo.mjs';
import { CHROMIUM } from './places.mjs';

/** How Chromium is started: without sandbox, because checks run as root in containers, and without its own network calls. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const STORY_LIMIT_MS = 180_000;

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

let browser;

/** One browser for all stories of a file. */
export function withBrowser() {
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });
}

/** Tells one story. `options` may hold `browser` (of the new profile) and `demo` (of its start). */
export function scenario(name, options, story) {
  if (typeof options === 'function') [story, options] = [options, {}];
  test(name, { timeout: STORY_LIMIT_MS }, async (t) => {
    const demo = await Demo.start(options.demo);
    let buyer;
    t.after(async () => {
      await buyer?.leaves();
      await demo.stop();
    });
    buyer = await Buyer.arrive(browser, demo, options.browser);
    await story({ demo, buyer, sandbox: demo.sandbox, merchant: demo.merchant, browser, t });
    await buyer.assertNothingStrange();
  });
}

// Takes a picture of every screen: node screenshots.mjs DIRECTORY [README-PICTURE]. To be looked at by a person.
import { join } from 'node:path';

import { part, plus } from './lib/amounts.mjs';
import { Buyer } from './lib/buyer.mjs';
import { Demo } from './lib/demo.mjs';
import { launch } from './lib/scenario.mjs';

const [directory, readme] = process.argv.slice(2);

/** How a picture is taken: name, browser settings, attributes of the page. */
const LOOKS = [
  { name: 'light', browser: { colorScheme: 'light' } },
  { name: 'dark', browser: { colorScheme: 'dark' } },
  { name: '320', browser: { colorScheme: 'light', viewport: { width: 320, height: 640 } } },
  { name: '320-dark', browser: { colorScheme: 'dark', viewport: { width: 320, height: 640 } } },
  { name: 'rtl', browser: { colorScheme: 'light' }, dir: 'rtl' },
];

/** The picture that opens the README: as wide as it is shown there. */
const README = { name: 'readme', browser: { colorScheme: 'light', viewport: { width: 720, height: 900 } } };

const PAGE = (attributes) => `<script type="module" src="/calypso-pay.js"></script><calypso-pay ${attributes}></calypso-pay>`;

/** Each screen by the story that leads to it. */
const SCREENS = {
  async choosing({ buyer, arrives }) {
    await arrives();
    await buyer.sees('choosing');
  },
  async awaiting({ invoice }) {
    await invoice();
  },
  async 'awaiting-long-address'({ invoice }) {
    await invoice('ETH');
  },
  async repriced({ buyer, sandbox, invoice }) {
    const { amount } = await invoice();
    await sandbox.rate('USDT_TRX', 'EUR', '0.80');
    await sandbox.advance(15 * 60 + 1);
    await buyer.reads(amount);
    await buyer.page.waitForTimeout(4_000);
  },
  async 'connection-lost'({ buyer, invoice }) {
    await invoice();
    await buyer.page.route('**/v1/checkouts/*', (route) => route.abort('connectionrefused'));
    await buyer.part('message').filter({ visible: true }).first().waitFor();
  },
  async detected({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, amount, 'mempool');
    await buyer.sees('detected');
  },
  async paid({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, amount, 'confirmed');
    await buyer.sees('paid');
  },
  async completed({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, amount, 'confirmed');
    await sandbox.advance(10);
    await buyer.sees('completed');
  },
  async underpaid({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, part(amount, 500), 'confirmed');
    await buyer.sees('underpaid');
  },
  async overpaid({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, plus(amount, '5'), 'confirmed');
    await buyer.sees('overpaid');
  },
  async reviewing({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.move(await sandbox.deposit(address, amount, 'mempool'), 'review');
    await buyer.sees('reviewing');
  },
  async declined({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    const deposit = await sandbox.deposit(address, amount, 'mempool');
    await sandbox.move(deposit, 'review');
    await sandbox.move(deposit, 'declined');
    await buyer.sees('declined');
  },
  async intervention({ buyer, sandbox, invoice }) {
    const { address, amount } = await invoice();
    await sandbox.deposit(address, part(amount, 500), 'confirmed', 'first-sender');
    await sandbox.deposit(address, part(amount, 500), 'confirmed', 'second-sender');
    await buyer.sees('intervention');
  },
  async expired({ buyer, sandbox, invoice }) {
    await invoice();
    await sandbox.advance(24 * 3600);
    await buyer.sees('expired');
  },
  async failed({ buyer, arrives }) {
    await arrives('product="no-such-product"');
    await buyer.sees('failed');
  },
};

async function picture(browser, look, name, story, file) {
  const demo = await Demo.start();
  const buyer = await Buyer.arrive(browser, demo, look.browser);
  try {
    const { sandbox, merchant } = demo;
    const arrives = async (attributes) => {
      const { id } = await merchant.checkout({ description: 'Darjeeling first flush, 250 g' });
      await buyer.visitsPage(PAGE(attributes ?? `checkout="${id}"`));
      if (look.dir) await buyer.page.evaluate((dir) => { document.documentElement.dir = dir; }, look.dir);
      if (look.browser.colorScheme === 'dark') await buyer.page.addStyleTag({ content: ':root { color-scheme: dark } body { background: #111; color: #eee }' });
    };
    const invoice = async (code = 'USDT_TRX') => {
      await arrives();
      await buyer.picks(code);
      return (await buyer.now()).invoice;
    };
    await story({ buyer, sandbox, arrives, invoice });
    await buyer.page.waitForTimeout(400);
    if (file) await buyer.element.screenshot({ path: file });
    else await buyer.page.screenshot({ path: join(directory, `${name}-${look.name}.png`), fullPage: true });
  } catch (error) {
    console.error(`${name} in ${look.name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await buyer.leaves();
    await demo.stop();
  }
}

const browser = await launch();
try {
  if (readme) await picture(browser, README, 'awaiting', SCREENS.awaiting, readme);
  for (const look of LOOKS) {
    for (const [name, story] of Object.entries(SCREENS)) {
      await picture(browser, look, name, story);
    }
  }
} finally {
  await browser.close();
}

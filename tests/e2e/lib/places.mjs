// Where the built things are; `cargo xtask test` tells by environment, a person's own run takes the usual places.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The root of the checkout. */
export const ROOT = root;

/** The demo server: real proxy, real sandbox, SQLite on disk. */
export const DEMO = process.env.CALYPSO_DEMO
  ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/examples/demo');

/** The programs: `calypso-proxy` and `calypso-sandbox` stand beside the directory of the demo. */
export const PROGRAMS = join(dirname(DEMO), '..');

/** A PostgreSQL server in which databases may be made. */
export const POSTGRES = process.env.CALYPSO_TEST_POSTGRES ?? '';

/** The built widget. */
export const WIDGET = process.env.CALYPSO_WIDGET ?? join(root, 'dist/widget');

/** The shop page of the demo. */
export const SHOP = process.env.CALYPSO_SHOP ?? join(root, 'index.html');

/** The browser of the system; none is downloaded. */
export const CHROMIUM = process.env.CALYPSO_CHROMIUM
  ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

// A PostgreSQL database of one story, made and dropped with PostgreSQL's own client.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

import { POSTGRES } from './places.mjs';

const run = promisify(execFile);

export class Database {
  static async make() {
    if (!POSTGRES) throw new Error('CALYPSO_TEST_POSTGRES names no server: `cargo xtask postgres` starts one and says what to export');
    const database = new Database(`story_${randomUUID().replaceAll('-', '')}`);
    await database.#say(`CREATE DATABASE ${database.name}`);
    return database;
  }

  constructor(name) {
    this.name = name;
    const url = new URL(POSTGRES);
    url.pathname = `/${name}`;
    this.url = url.href;
  }

  #say(statement) {
    return run('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--command', statement, POSTGRES]);
  }

  /** Drops it, whoever uses it still. */
  drop() {
    return this.#say(`DROP DATABASE ${this.name} WITH (FORCE)`);
  }
}

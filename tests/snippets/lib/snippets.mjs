// Reads the snippets of the documentation: every fenced block, its language, its place, and why it is not run here if it is not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../e2e/lib/places.mjs';

/** Languages of blocks that nobody runs: pictures and output. */
const PICTURES = ['text', 'mermaid'];

/** What a comment before a block may say in place of running it. */
const NOT_HERE = /^<!-- snippet: (not run, because|run by) (.{10,}?) -->$/;

/**
 * @typedef {{ file: string, line: number, language: string, text: string, elsewhere?: string }} Snippet
 */

/** All snippets of a text. @returns {Snippet[]} */
export function snippetsOf(file, text) {
  const found = [];
  let open = null;
  let before = '';
  text.split('\n').forEach((line, index) => {
    const fence = line.match(/^\s*(`{3,})(.*)$/);
    if (open) {
      if (fence && fence[1] === open.fence && fence[2].trim() === '') {
        found.push({ ...open.snippet, text: `${open.lines.join('\n')}\n` });
        open = null;
      } else {
        open.lines.push(line);
      }
    } else if (fence) {
      const language = fence[2].trim().split(/[\s,]/)[0];
      const comment = before.match(NOT_HERE);
      const snippet = { file, line: index + 1, language, ...(comment && { elsewhere: `${comment[1]} ${comment[2]}` }) };
      open = { fence: fence[1], snippet, lines: [] };
    }
    if (line.trim() !== '') before = line.trim();
  });
  if (open) throw new Error(`${file}:${open.snippet.line}: the block has no end`);
  return found.filter(({ language }) => !PICTURES.includes(language));
}

/** All snippets of the README and of the documents in docs/. @returns {Snippet[]} */
export function allSnippets() {
  const documents = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return ['README.md', ...documents].flatMap((file) => snippetsOf(file, readFileSync(join(ROOT, file), 'utf8')));
}

/** Where a snippet stands, for messages. */
export const place = ({ file, line }) => `${file}:${line}`;

/** A breached password is refused: at activation and in self-service, from ranges that were loaded. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { BreachedPasswordFolder, findBreachedPasswordsFault } from '../src/platform/breachedPasswords.ts';
import { createLog } from '../src/platform/log.ts';
import {
  aPerson,
  TestBrowser,
  issueApplication,
  waitForLetters,
  signInAt,
  toChoosePage,
  useFolder,
  useNodes,
} from './support/index.ts';

const BREACHED = 'hverken kort eller almindelig';
const PADDING = 'udfyldning er ikke et brud';
const folder = useFolder('breached');
const nodes = useNodes({ breachedPasswordsDir: folder, withoutErrors: true });
beforeAll(() => {
  write(BREACHED, '3');
  write(PADDING, '0');
});

function digestOf(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase();
}

function write(password: string, count: string): void {
  const digest = digestOf(password);
  const others = ['0'.repeat(35), 'F'.repeat(35)].map((suffix) => `${suffix}:7`);
  const lines = [others[0], `${digest.slice(5)}:${count}`, others[1]];
  writeFileSync(path.join(folder, `${digest.slice(0, 5)}.txt`), lines.join('\r\n'));
}

test('is refused at activation, with all else kept; another is taken', async () => {
  const person = await waitForLetters(nodes, await issueApplication(nodes));
  const browser = new TestBrowser(nodes);
  const page = await toChoosePage(browser, person);
  const choice = { userId: 'sølvræv-7', terms: '1', understood: '1' };
  const refused = await browser.send(page, { ...choice, password: BREACHED });
  expect(refused.page).toBe('activate-choose');
  expect(refused.text).toContain('stjålet fra andre hjemmesider');
  expect(refused.text).toContain('sølvræv-7');
  const done = await browser.send(refused, { ...choice, password: PADDING });
  expect(done.page).toBe('activate-done');
});

test('is refused in self-service, before a key is asked for', async () => {
  const browser = new TestBrowser(nodes);
  await signInAt(browser, await aPerson(nodes), '/self-service');
  const page = await browser.follow('/self-service/sign-in');
  const refused = await browser.send(page, { do: 'password', password: BREACHED });
  expect(refused.page).toBe('self-sign-in');
  expect(refused.text).toContain('stjålet fra andre hjemmesider');
});

test('ranges that are missing or ill keep no one from a password; the log has the ill one', async () => {
  const lines: string[] = [];
  const ranges = new BreachedPasswordFolder(
    folder,
    createLog('debug', { write: (one: string) => lines.push(one) }),
  );
  expect(await ranges.has(BREACHED)).toBe(true);
  expect(await ranges.has('in no file at all')).toBe(false);
  expect(lines).toEqual([]);
  mkdirSync(path.join(folder, `${digestOf('a folder where a file is due').slice(0, 5)}.txt`));
  expect(await ranges.has('a folder where a file is due')).toBe(false);
  expect(lines.join('')).toContain('the breached passwords cannot be read');
});

test('a folder without ranges is a fault of the configuration', () => {
  expect(findBreachedPasswordsFault(folder)).toBeNull();
  expect(findBreachedPasswordsFault(path.resolve('docs'))).toContain('holds no ranges');
  expect(findBreachedPasswordsFault(path.join(folder, 'nowhere'))).toContain('cannot be read');
});

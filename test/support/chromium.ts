/** A real Chromium from npm, unpacked into a separate folder of the run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser as Chromium } from 'playwright-core';
import { IS_WHOLE_PROOF } from './wholeProof.ts';

export interface UnpackedChromium {
  readonly executablePath: string;
  /** The folder of libraries that a bare machine does not have. */
  readonly libraries: string;
  /** Lists the fonts: those that came with it, regardless of the machine's. */
  readonly fontsConf: string;
}

/**
 * Unpacks it, once a run, before the suites, which would overwrite each other's files. Has to be called
 * outside of jest's suites: there the environment is a copy, and the folder would be the machine's.
 */
export async function unpackChromium(folder: string): Promise<UnpackedChromium> {
  mkdirSync(folder, { recursive: true });
  const { TMPDIR, AWS_EXECUTION_ENV, LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env;
  // It reuses the files in the temporary folder, of any version and owner; and with the name of that
  // environment it unpacks its libraries too.
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  const { default: bundle } = await import('@sparticuz/chromium');
  const executablePath = await bundle.executablePath();
  const libraries = process.env['LD_LIBRARY_PATH'] ?? '';
  const before = { TMPDIR, AWS_EXECUTION_ENV, LD_LIBRARY_PATH, FONTCONFIG_PATH };
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  return { executablePath, libraries, fontsConf: writeFontsConf(folder) };
}

/**
 * The supplied one looks for its fonts in /tmp. Without them a page has no text at all, and Chromium ends as
 * soon as it looks for a letter.
 */
function writeFontsConf(folder: string): string {
  const file = path.join(folder, 'fonts.conf');
  const [fonts, cache] = [path.join(folder, 'fonts'), path.join(folder, 'fonts-cache')];
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>
`,
  );
  return file;
}

/**
 * No sandbox, because tests run as root too; no component that calls home; rendered without a graphics card,
 * whose emulation takes as much time as all else that a page needs (demo: 55 s against 33); otherwise as
 * people have it.
 */
const ARGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-software-rasterizer',
  '--in-process-gpu',
  '--font-render-hinting=none',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * For flows across sites: otherwise each navigation takes a separate process, which costs more than the page.
 */
const ONE_PROCESS = ['--disable-site-isolation-trials', '--renderer-process-limit=1'];

/**
 * @param options.debuggingPort for clients other than playwright
 * @param options.resolverRules host names and their addresses, in Chromium's syntax
 * @param options.oneProcess renders all sites in one process; the scope of cookies is decided elsewhere
 */
export async function launchChromium(
  options: { debuggingPort?: number; oneProcess?: boolean; resolverRules?: string } = {},
): Promise<Chromium> {
  const { debuggingPort, oneProcess = false, resolverRules } = options;
  const unpacked = process.env['NOEGLE_TEST_CHROMIUM'];
  const { executablePath, libraries, fontsConf } = unpacked
    ? (JSON.parse(unpacked) as UnpackedChromium)
    : await unpackChromium(path.resolve('.tmp/chromium'));
  const { chromium } = await import('playwright-core');
  return await chromium.launch({
    executablePath,
    args: [
      ...ARGS,
      ...(oneProcess ? ONE_PROCESS : []),
      ...(resolverRules ? [`--host-resolver-rules=${resolverRules}`] : []),
      ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : []),
    ],
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontsConf },
    headless: true,
    timeout: 60_000,
  });
}

export interface ChromiumMode {
  readonly locale: string;
  readonly javaScriptEnabled: boolean;
}

const FIRST_WAY: ChromiumMode = { locale: 'da-DK', javaScriptEnabled: false };
/** With and without script, and in both languages; the proof has no time for all four together. */
const OTHER_WAYS: readonly ChromiumMode[] = [
  { locale: 'da-DK', javaScriptEnabled: true },
  ...(IS_WHOLE_PROOF ? [{ locale: 'en-GB', javaScriptEnabled: true }] : []),
  { locale: 'en-GB', javaScriptEnabled: false },
];

/** Of a story that runs in the proof only. */
export const PROOF_WAYS: readonly ChromiumMode[] = IS_WHOLE_PROOF ? [FIRST_WAY, ...OTHER_WAYS] : OTHER_WAYS;

/** Of a story that runs in one way among the tests, and in the others in the proof. */
export const WAYS: readonly ChromiumMode[] =
  process.env['NOEGLE_TEST_WAYS'] === 'other' ? OTHER_WAYS : [FIRST_WAY];

/** The shared part of parties that are programs of the system. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/**
 * Code of a page of the docs, as a reader copies it, with the addresses of this run.
 *
 * @param url of the site, without a slash at the end
 */
export function blockOf(page, language, { issuer, url, clientId, clientSecret }) {
  const [, code] =
    new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(readFileSync(page, 'utf8')) ?? [];
  if (!code) throw new Error(`${page} has no ${language}`);
  return code
    .replaceAll('http://127.0.0.1:4000', url)
    .replaceAll('http://localhost:3000', issuer)
    .replaceAll('my-apache', clientId)
    .replaceAll('my-flask', clientId)
    .replaceAll('${CLIENT_SECRET}', clientSecret)
    .replaceAll('${COOKIE_SECRET}', 'a long text that nobody guesses, of this test');
}

/**
 * A site that a program of the system serves, as serve.mjs listens to it: it ends with this process, and its
 * folder of files is removed.
 */
export function siteOf({ url, folder, command, args, env }) {
  return {
    async listen(_port, _host, done) {
      let output = '';
      const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const out of [child.stdout, child.stderr]) out.on('data', (chunk) => (output += chunk));
      process.on('SIGTERM', () => process.exit(0));
      process.on('exit', () => {
        child.kill('SIGTERM');
        rmSync(folder, { recursive: true, force: true });
      });
      await untilOpen(`${url}/`, child, () => output);
      done();
    },
  };
}

/** Resolves when the port is open. */
async function untilOpen(url, child, output) {
  const until = Date.now() + 15_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output()}`);
    const isOpen = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    );
    if (isOpen) return;
    if (Date.now() > until) throw new Error(`nobody answers at ${url}: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

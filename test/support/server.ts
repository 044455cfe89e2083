/** A node as in production, a separate process on the database of a suite. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Nodes } from './nodes.ts';
import { freePort } from './ports.ts';
import { postEnv, RunningNoegle } from './process.ts';
import { UNAVAILABLE_AFTER_MS } from './timed.ts';

export class ServerProcesses {
  readonly #nodes: Nodes;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #started: RunningNoegle[] = [];

  private constructor(nodes: Nodes, folder: string, env: Record<string, string>) {
    this.#nodes = nodes;
    this.#folder = folder;
    this.#env = env;
  }

  /** They answer as the first node of the suite does: same issuer, same keys, same database. */
  static async of(nodes: Nodes): Promise<ServerProcesses> {
    const folder = await mkdtemp(path.resolve('.tmp/server-'));
    const keys = path.join(folder, 'keys.json');
    await writeFile(keys, JSON.stringify(nodes.keyringFile));
    return new ServerProcesses(nodes, folder, {
      NODE_ENV: 'production',
      NOEGLE_HOST: '127.0.0.1',
      DATABASE_URL: nodes.database.appUrl,
      NOEGLE_DIRECT_DATABASE_URL: nodes.database.queueUrl,
      // These suites test an unavailable database.
      NOEGLE_DATABASE_TIMEOUT_MS: String(UNAVAILABLE_AFTER_MS),
      NOEGLE_ISSUER: nodes.issuer,
      NOEGLE_KEYS_FILE: keys,
      ...(await postEnv(folder)),
      NOEGLE_LEAVE_SECONDS: '0',
    });
  }

  async begin(env: Record<string, string> = {}): Promise<{ node: RunningNoegle; port: number }> {
    const port = await freePort();
    const node = new RunningNoegle({ ...this.#env, PORT: String(port), ...env });
    this.#started.push(node);
    return { node, port };
  }

  async start(env: Record<string, string> = {}): Promise<{ node: RunningNoegle; port: number }> {
    const started = await this.begin(env);
    await started.node.ready();
    return started;
  }

  /** No process outlives the suite; their output is searched for secrets. */
  async close(): Promise<void> {
    for (const one of this.#started) {
      if (!one.isGone()) await one.kill9();
      this.#nodes.keepLog(one.output);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

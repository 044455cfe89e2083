/**
 * The proxies of examples/operations as processes: the shipped file, with the ports, folders and certificate
 * of a suite, and a listener without TLS for requests of a suite.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './ports.ts';
import { request } from './http.ts';
import { selfSigned } from './selfSigned.ts';

export const PROXIES = ['haproxy', 'nginx'] as const;
export type ProxyName = (typeof PROXIES)[number];

/** On the page that the proxies answer with when no node does. */
export const HOTLINE = '70 12 34 56';

export interface RunningProxy {
  /** Without TLS, and with it. */
  readonly port: number;
  readonly tlsPort: number;
  /** What it logged. */
  log(): string;
  /** Reads its configuration again. Of HAProxy, which is started for it. */
  reload(): void;
  stop(): Promise<void>;
}

/** Debian's are in a folder that is not in every PATH. */
export function findProgram(name: string): string | null {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` };
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { env, encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : null;
}

interface Filling {
  readonly text: string;
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number;
}

/** @throws Error when the shipped file has no such line any longer */
function replaceLine(text: string, line: string | RegExp, by: string): string {
  const next = text.replace(line, by);
  if (next === text) throw new Error(`the example has no ${line}`);
  return next;
}

function fillHaproxy({ text, folder, port, tlsPort }: Filling): string {
  let filled = replaceLine(text, '/etc/haproxy/noegle.pem', path.join(folder, 'noegle.pem'));
  filled = filled.replaceAll('/etc/haproxy/', `${folder}/`);
  filled = replaceLine(filled, 'log /dev/log local0', 'log stdout format raw local0');
  filled = replaceLine(filled, '  user haproxy\n  group haproxy\n', '');
  filled = replaceLine(filled, 'bind :80\n', `bind 127.0.0.1:${port}\n`);
  filled = replaceLine(filled, 'bind :443', `bind 127.0.0.1:${tlsPort}`);
  // The suite's requests are without TLS.
  return replaceLine(filled, /.*redirect scheme https.*\n/, '');
}

function fillNginx({ text, folder, port, tlsPort }: Filling): string {
  let filled = text.replaceAll('<HOST>', 'localhost');
  filled = replaceLine(filled, '/etc/nginx/noegle.crt', path.join(folder, 'noegle.crt'));
  filled = replaceLine(filled, '/etc/nginx/noegle.key', path.join(folder, 'noegle.key'));
  filled = replaceLine(filled, 'root /etc/nginx;', `root ${folder};`);
  filled = replaceLine(filled, /server \{\n {2}listen 80;[^}]*\}/, '');
  filled = replaceLine(
    filled,
    'listen 443 ssl',
    `listen 127.0.0.1:${port};\n  listen 127.0.0.1:${tlsPort} ssl`,
  );
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${path.join(folder, name)};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}\ndaemon off;\npid ${path.join(folder, 'nginx.pid')};\nerror_log stderr notice;\nworker_processes 1;
events {}\nhttp {\n  access_log off;\n${places.join('\n')}\n${filled}\n}\n`;
}

/** @param change of the shipped file, for a control */
export async function startProxy(
  name: ProxyName,
  options: { folder: string; nodePorts: readonly [number, number]; change?: (text: string) => string },
): Promise<RunningProxy> {
  const { nodePorts, change = (text: string) => text } = options;
  const port = await freePort();
  const tlsPort = await freePort();
  const folder = path.join(options.folder, `${name}-${port}`);
  mkdirSync(folder, { recursive: true });
  const { key, cert } = selfSigned('localhost');
  writeFileSync(path.join(folder, 'noegle.pem'), `${cert}${key}`);
  writeFileSync(path.join(folder, 'noegle.crt'), cert);
  writeFileSync(path.join(folder, 'noegle.key'), key);
  const page = readFileSync('examples/operations/unavailable.html', 'utf8').replaceAll('<PHONE>', HOTLINE);
  writeFileSync(path.join(folder, 'noegle-unavailable.html'), page);
  const file = `examples/operations/${name === 'haproxy' ? 'haproxy.cfg' : 'nginx.conf'}`;
  let text = change(readFileSync(file, 'utf8'));
  text = text.replaceAll('127.0.0.1:3001', `127.0.0.1:${nodePorts[0]}`);
  text = text.replaceAll('127.0.0.1:3002', `127.0.0.1:${nodePorts[1]}`);
  const filling = { text, folder, port, tlsPort };
  const conf = path.join(folder, 'conf');
  writeFileSync(conf, name === 'haproxy' ? fillHaproxy(filling) : fillNginx(filling));
  const args = name === 'haproxy' ? ['-W', '-db', '-f', conf] : ['-p', folder, '-c', conf];
  return await waitForProxy(spawn(findProgram(name) ?? name, args), port, tlsPort);
}

async function waitForProxy(child: ChildProcess, port: number, tlsPort: number): Promise<RunningProxy> {
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const end = performance.now() + 10_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the proxy ended: ${log}`);
    const isUp = await request({ port })
      .get('/.well-known/openid-configuration')
      .then(
        // A node answered, whatever host it has.
        ({ status }) => status < 500,
        () => false,
      );
    if (isUp) break;
    if (performance.now() > end) throw new Error(`the proxy is not up: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    tlsPort,
    log: () => log,
    reload: () => void child.kill('SIGUSR2'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

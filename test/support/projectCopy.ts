/** A copy of the project without the build, in which files may be changed; and commands that run in it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { excerpt } from './excerpt.ts';
import { waitUntil } from './waiting.ts';

const COPIED = [
  'src',
  'dev',
  'test',
  'migrations',
  'docs',
  'examples',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'jest.config.js',
  'jest.unit.config.js',
];

export class ProjectCopy {
  readonly folder = mkdtempSync(path.resolve('.tmp/copy-'));
  readonly #commands: CopyCommand[] = [];

  constructor() {
    for (const name of COPIED) cpSync(name, path.join(this.folder, name), { recursive: true });
    symlinkSync(path.resolve('node_modules'), path.join(this.folder, 'node_modules'));
  }

  /** @param change maps a file's text to the new text. @returns the former text */
  edit(file: string, change: (text: string) => string): string {
    const place = path.join(this.folder, file);
    const text = readFileSync(place, 'utf8');
    writeFileSync(place, change(text));
    return text;
  }

  run(args: readonly string[], env: Record<string, string> = {}): CopyCommand {
    const command = new CopyCommand(this.folder, args, env);
    this.#commands.push(command);
    return command;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#commands.map((command) => command.end()));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class CopyCommand {
  output = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;

  constructor(folder: string, args: readonly string[], env: Record<string, string>) {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(NOEGLE_|JEST_|NODE_OPTIONS)/.test(name),
    );
    this.#child = spawn('npm', ['run', '-s', ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => void (this.output += chunk.toString());
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exit = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  /** @returns the output from `from` on, when it matches */
  async printed(pattern: RegExp, from = 0): Promise<string> {
    const isThere = () => pattern.test(this.output.slice(from));
    const ended = waitUntil(pattern.source, () => isThere() || this.#child.exitCode !== null);
    await ended.catch(() => undefined);
    if (!isThere())
      throw new Error(`${pattern.source} is not printed: ${excerpt(this.output, pattern.source)}`);
    return this.output.slice(from);
  }

  async exited(): Promise<number | null> {
    return await this.#exit;
  }

  async end(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    return await this.#exit;
  }
}

/**
 * What is known of the sources by reading them: which files there are, what they import, which names they
 * declare.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

export interface Import {
  /**
   * Both are paths below the folder that was read, as in `features/signIn/routes.ts`; a package keeps its
   * name.
   */
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

export interface Declared {
  readonly file: string;
  readonly kind: 'function' | 'type' | 'value' | 'member';
  readonly name: string;
}

/** TypeScript below a folder, without its tests; paths are relative to it. */
export function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => name.replaceAll(path.sep, '/'))
    .toSorted();
}

/** Imports and re-exports of one file; of those that are loaded later, the ones of our own files. */
export function listImports(folder: string, file: string): Import[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^;']*?\bfrom\s+)?'([^']+)';/gm);
  const later = text.matchAll(/\bimport\(()'(\.[^']+)'\)/g);
  return [...found, ...later].map(([, type, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? path.posix.join(path.posix.dirname(file), to) : to,
    isType: Boolean(type),
  }));
}

/**
 * Where a file is at home: a feature, a folder below `src`, or itself. `context` is what all features are
 * handed.
 */
export function homeOf(file: string): string {
  const [first = '', second = '', third] = file.split('/');
  if (first === 'features') return third === undefined ? 'context' : `features/${second}`;
  return first;
}

/** Words that people read: `words.da.ts`, `email.words.en.ts`. */
export function isWords(file: string): boolean {
  return /(^|\/|\.)words(\.\w+)?\.ts$/.test(file);
}

/** Every name that a file declares at its top, with the members of its types and classes. */
export function listDeclared(folder: string, file: string): Declared[] {
  const syntax = { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2024' } as const;
  const found: Declared[] = [];
  const { body } = parseSync(readFileSync(path.join(folder, file), 'utf8'), syntax);
  visit(body, (kind, name) => found.push({ file, kind, name }));
  return found;
}

type Found = (kind: Declared['kind'], name: string) => void;
type Node = Readonly<Record<string, unknown>>;

function visit(node: unknown, found: Found): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, found);
  } else if (typeof node === 'object' && node !== null) {
    const here = node as Node;
    report(here, found);
    // What is local to a function is read where it is used.
    const isFunction = /^(Function|Arrow|ClassMethod|PrivateMethod|Constructor)/.test(String(here['type']));
    for (const [key, value] of Object.entries(here)) {
      if (key !== 'span' && !(isFunction && key === 'body')) visit(value, found);
    }
  }
}

function report(node: Node, found: Found): void {
  const say = (kind: Declared['kind'], named: unknown) => {
    const name = (named as { value?: unknown } | undefined)?.value;
    if (typeof name === 'string') found(kind, name);
  };
  switch (node['type']) {
    case 'FunctionDeclaration':
      return say('function', node['identifier']);
    case 'ClassDeclaration':
      return say('type', node['identifier']);
    case 'TsInterfaceDeclaration':
    case 'TsTypeAliasDeclaration':
      return say('type', node['id']);
    case 'ClassMethod':
    case 'ClassProperty':
    case 'TsMethodSignature':
    case 'TsPropertySignature':
      return say('member', node['key']);
    case 'VariableDeclarator': {
      const { type = '' } = (node['init'] ?? {}) as { type?: string };
      return say(/^(Arrow)?FunctionExpression$/.test(type) ? 'function' : 'value', node['id']);
    }
    default:
  }
}

/** Proofs of the audit log: at the public address for witnesses, and for each line of a person's own log. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { computeRoot, hashLeaf, splitHashes, verifyInclusion } from '../src/domain/auditTree/merkleTree.ts';
import { composeVerifierKey, parseCheckpointText } from '../src/domain/auditTree/signedNote.ts';
import { hmacSha256 } from '../src/domain/auditTree/hmac.ts';
import { proveEvent, type InclusionProof } from '../src/features/auditLog/index.ts';
import { AuditLogBench } from './support/auditLog.ts';
import { exportLines } from './support/auditProgram.ts';
import { aPerson, request, signInAt, TestBrowser, useNodes, type TestPerson } from './support/index.ts';

const nodes = useNodes({ withoutErrors: true });
let bench: AuditLogBench;
let person: TestPerson;
let other: TestPerson;
beforeAll(async () => {
  bench = await AuditLogBench.open(nodes);
  [person, other] = [await aPerson(nodes), await aPerson(nodes)];
  for (let burst = 0; burst < 3; burst += 1) {
    await bench.write(220, [other.identityId, null]);
    await bench.settle();
  }
});

const get = async (path: string) => await request(nodes.node(0)).get(path).buffer(true).parse(toBuffer);

type Chunks = { on(name: 'data' | 'end', listen: (chunk: Buffer) => void): void };
function toBuffer(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  (response as Chunks).on('data', (chunk) => void chunks.push(chunk));
  (response as Chunks).on('end', () => done(null, Buffer.concat(chunks)));
}

async function readCheckpoint() {
  const { body } = await get('/audit/checkpoint');
  const reading = bench.signer.readNote((body as Buffer).toString());
  const checkpoint = reading.kind === 'valid' ? parseCheckpointText(reading.text) : null;
  if (!checkpoint) throw new Error('no signed checkpoint');
  return checkpoint;
}

describe('the public address', () => {
  test('checkpoint and keys as text, cached for seconds and for an hour', async () => {
    const { status, headers } = await get('/audit/checkpoint');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'public, max-age=2',
    ]);
    expect((await readCheckpoint()).origin).toBe(`${new URL(nodes.issuer).host}/audit`);
    const keys = await get('/audit/key');
    expect((keys.body as Buffer).toString()).toBe(
      bench.signer.verifiers.map((one) => `${composeVerifierKey(one)}\n`).join(''),
    );
    expect(keys.headers['cache-control']).toBe('public, max-age=3600');
    expect(keys.headers['set-cookie']).toBeUndefined();
  });

  test('the tiles are the tree of the checkpoint', async () => {
    const { size, root } = await readCheckpoint();
    const leaves: Buffer[] = [];
    for (let number = 0; number * 256 < size; number += 1) {
      const width = Math.min(256, size - number * 256);
      const suffix = width < 256 ? `.p/${width}` : '';
      const { status, headers, body } = await get(
        `/audit/tile/0/${String(number).padStart(3, '0')}${suffix}`,
      );
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'application/octet-stream',
        'public, max-age=31536000, immutable',
      ]);
      expect((body as Buffer).length).toBe(width * 32);
      leaves.push(...splitHashes(body as Buffer));
    }
    expect(computeRoot(leaves)).toEqual(root);
    const level = splitHashes((await get(`/audit/tile/1/000.p/${Math.floor(size / 256)}`)).body as Buffer);
    expect(level).toEqual(
      [0, 1].map((number) => computeRoot(leaves.slice(number * 256, number * 256 + 256))),
    );
  });

  test.each([
    '/audit',
    '/audit/tile/0/009',
    '/audit/tile/0/000.p/256',
    '/audit/tile/2/000.p/1',
    '/audit/tile/0/x000/000',
    '/audit/tile/0/0',
    '/audit/tile/entries/000',
    '/audit/tile/63/x999/x999/999',
    '/audit/tile/1/000',
  ])('%s is 404', async (path) => expect((await get(path)).status).toBe(404));

  test('a tile that was read does not ask the database again', async () => {
    await get('/audit/tile/0/000');
    await get('/audit/checkpoint');
    const before = nodes.cost.statements;
    for (let i = 0; i < 20; i += 1) await get('/audit/tile/0/000');
    expect(nodes.cost.statements - before).toBeLessThanOrEqual(1);
  });

  test('the last tile, which grows, is read once a second, and has what the checkpoint has', async () => {
    const { size } = await readCheckpoint();
    const last = (width: number) =>
      `/audit/tile/0/${String(Math.floor(size / 256)).padStart(3, '0')}.p/${width}`;
    const before = nodes.cost.statements;
    const begunAt = performance.now();
    const bodies = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await get(last(1 + (i % 5)))).body as Buffer),
    );
    const seconds = Math.ceil((performance.now() - begunAt) / 1_000);
    expect(bodies.map(({ length }) => length)).toEqual(bodies.map((_, i) => 32 * (1 + (i % 5))));
    expect(nodes.cost.statements - before).toBeLessThanOrEqual(2 * (seconds + 1));
    await bench.write(7, [null]);
    await bench.settle();
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const grown = (await readCheckpoint()).size;
    expect(grown).toBeGreaterThan(size);
    expect(((await get(last(grown % 256))).body as Buffer).length).toBe(32 * (grown % 256));
  });
});

function isProven({ leaf, index, size, proof, text, salt, checkpoint }: InclusionProof): boolean {
  const reading = bench.signer.readNote(checkpoint);
  const signed = reading.kind === 'valid' ? parseCheckpointText(reading.text) : null;
  const computed = hashLeaf(hmacSha256(Buffer.from(salt ?? '', 'hex'), text));
  const hashes = proof.map((hash) => Buffer.from(hash, 'base64'));
  return (
    computed.toString('base64') === leaf &&
    signed?.size === size &&
    verifyInclusion({ leaf: computed, index, size, proof: hashes }, signed.root)
  );
}

test('every event of the log is proved, and the export says the same', async () => {
  const lines = (await exportLines(nodes, { withProofs: true })).map(
    (line) => JSON.parse(line) as InclusionProof,
  );
  const { checkpoint } = lines.pop() ?? { checkpoint: '' };
  const { size } = await readCheckpoint();
  expect(lines).toHaveLength(size);
  expect(lines.filter((line) => !isProven({ ...line, size, checkpoint }))).toEqual([]);
  const [first] = lines.slice(300);
  expect(await proveEvent(nodes.context.database, first?.id ?? '')).toEqual({ ...first, size, checkpoint });
  expect(
    (await exportLines(nodes, { from: 10, to: 19 }))
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as InclusionProof).index),
  ).toEqual(lines.slice(10, 20).map(({ index }) => index));
});

describe('a person’s own log', () => {
  test('each line has its proof as a file, at one statement for the page', async () => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    await bench.settle();
    const page = await browser.follow('/self-service/activity');
    const paths = [...page.text.matchAll(/href="([^"]+\/proof)"/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(1);
    expect(page.text).toContain('Hent bevis');
    for (const path of paths) {
      const file = await browser.request(path);
      expect(file.headers['content-disposition']).toMatch(/^attachment; filename="noegle-\d+\.json"$/);
      const proof = JSON.parse(file.text) as InclusionProof;
      expect([proof.identityId, isProven(proof)]).toEqual([person.identityId, true]);
    }
  });

  test('a line that is some seconds old says that its proof comes', async () => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    const page = await browser.follow('/self-service/activity');
    expect(page.text).toContain('Beviset er klar om et øjeblik.');
    const english = await browser.follow('/self-service/activity?language=en');
    expect(english.text).toContain('The proof is ready in a moment.');
    const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM audit_events WHERE identity_id = $1 ORDER BY id DESC LIMIT 1',
      [person.identityId],
    );
    expect((await browser.follow(`/self-service/activity/${id}/proof`)).page).toBe('self-activity');
  });

  test('no proof of another person’s event', async () => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM audit_events WHERE identity_id = $1 ORDER BY id LIMIT 1',
      [other.identityId],
    );
    for (const odd of [id, 'x', '1e3', 'open-1-key'])
      expect((await browser.follow(`/self-service/activity/${odd}/proof`)).page).toBe('self-activity');
  });
});

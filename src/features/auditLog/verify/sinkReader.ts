/** Reads the sink for `audit verify`: what cannot be believed is a finding, and the rest is still read. */
import type { AuditSigner } from '../../../platform/auditSigner.ts';
import type { Keyring } from '../../../platform/keyring.ts';
import type { AuditSink } from '../../../platform/outbound/auditSink.ts';
import {
  AuditSinkFault,
  composeEpochName,
  composeSegmentName,
  HEAD,
  openSegmentContent,
  readEpochObject,
  readHeadObject,
  readSegmentObject,
  type SegmentContent,
  type SegmentObject,
  type SinkHead,
} from '../sinkObjects.ts';
import type { AuditFindings } from './auditFinding.rules.ts';

const READ_AT_ONCE = 20;

export type SinkSegment = SegmentObject & { readonly sealed: Buffer };

export interface SinkReaderDeps {
  readonly sink: AuditSink;
  readonly signer: AuditSigner;
  readonly keyring: Pick<Keyring, 'seal' | 'openBytes'>;
  readonly findings: AuditFindings;
}

export class SinkReader {
  readonly #deps: SinkReaderDeps;
  head: SinkHead | null = null;
  /** The number of the first segment; larger than `last` when there is none. */
  first = 0;
  last = -1;

  private constructor(deps: SinkReaderDeps) {
    this.#deps = deps;
  }

  /** @param segments how many the database has. @throws AuditSinkUnavailable */
  static async open(deps: SinkReaderDeps, segments: number): Promise<SinkReader> {
    const reader = new SinkReader(deps);
    reader.head = await reader.#readHead();
    await reader.#findRange(segments);
    await reader.#readEpochs();
    return reader;
  }

  async #readHead(): Promise<SinkHead | null> {
    const { sink, signer, findings } = this.#deps;
    const bytes = await sink.read(HEAD);
    if (bytes === null) {
      findings.add({ kind: 'sink_object_wrong', name: HEAD, what: 'is missing' });
      return null;
    }
    return this.#noteFault(() => readHeadObject(signer, bytes));
  }

  async #has(segment: number): Promise<boolean> {
    return (await this.#deps.sink.read(composeSegmentName(segment))) !== null;
  }

  async #findRange(segments: number): Promise<void> {
    let end = segments;
    const claimed = this.head?.lastSegment ?? -1;
    // Of a head that cannot be believed nothing is known: the segments say how many there are.
    if (claimed >= end) {
      if (await this.#has(claimed)) end = claimed + 1;
      else {
        const what = `says that segment ${claimed} is there`;
        this.#deps.findings.add({ kind: 'sink_object_wrong', name: HEAD, what });
      }
    }
    while (await this.#has(end)) end += 1;
    // What the database has and the sink lacks at its end is the lag.
    while (end > 0 && end - 1 > claimed && !(await this.#has(end - 1))) end -= 1;
    this.last = end - 1;
    this.first = await this.#findFirst(end);
  }

  /** Old segments may have been removed, from the first on. One behind what is left is missing. */
  async #findFirst(end: number): Promise<number> {
    for (let from = 0; from < end; from += READ_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(READ_AT_ONCE, end - from) }, (_, i) => from + i);
      const found = await Promise.all(numbers.map(async (number) => await this.#has(number)));
      const place = found.indexOf(true);
      if (place >= 0) return from + place;
    }
    return Math.max(0, end - 1);
  }

  async #readEpochs(): Promise<void> {
    const { sink, signer, findings } = this.#deps;
    for (let epoch = 1; ; epoch += 1) {
      const name = composeEpochName(epoch);
      const bytes = await sink.read(name);
      const isClaimed = epoch <= (this.head?.epoch ?? 0);
      if (bytes === null && !isClaimed) return;
      if (bytes === null) {
        findings.add({ kind: 'sink_object_wrong', name, what: 'is missing' });
        if (epoch > 1_000) return;
        continue;
      }
      if (!isClaimed && this.head !== null)
        findings.add({ kind: 'sink_object_wrong', name, what: 'is newer than the head' });
      this.#noteFault(() => readEpochObject(signer, epoch, bytes));
    }
  }

  /** @returns null when it is not there, or cannot be believed; the second is a finding */
  async readSegment(number: number): Promise<SinkSegment | null> {
    const { sink, signer, findings } = this.#deps;
    if (number < this.first || number > this.last) return null;
    const bytes = await sink.read(composeSegmentName(number));
    if (bytes === null) {
      findings.add({ kind: 'segments_missing', place: 'sink', from: number, to: number });
      return null;
    }
    return this.#noteFault(() => readSegmentObject(signer, number, bytes));
  }

  /** @returns null when the ring has no key for it, or it was damaged; a finding */
  openContent({ number, sealed }: SinkSegment): SegmentContent | null {
    try {
      return openSegmentContent(this.#deps.keyring, number, sealed);
    } catch {
      const name = composeSegmentName(number);
      this.#deps.findings.add({ kind: 'sink_object_wrong', name, what: 'does not open' });
      return null;
    }
  }

  #noteFault<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AuditSinkFault)) throw error;
      const { objectName: name, message } = error;
      this.#deps.findings.add({ kind: 'sink_object_wrong', name, what: message.slice(name.length + 1) });
      return null;
    }
  }
}

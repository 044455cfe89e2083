/** The last word of a restore: which database the sink follows from now on. */
import { readTreeInDatabase } from '../../db/auditTree/databasePlace.ts';
import type { AppContext } from '../appContext.ts';
import type { AfterRestoreSource } from './afterRestore.ts';
import { readSegment, readSinkState } from './readSink.ts';
import {
  AuditSinkFault,
  composeEpochName,
  composeEpochObject,
  composeHeadObject,
  HEAD,
} from './sinkObjects.ts';

/**
 * From now on the sink follows this database, and no other. Called last: before it no node serves.
 * @throws AuditSinkFault when another run did the same at the same time
 */
export async function beginEpoch(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  { sink, signer }: Pick<AfterRestoreSource, 'sink' | 'signer'>,
): Promise<number> {
  const state = await readSinkState(sink, signer);
  if (!state) throw new AuditSinkFault(HEAD, 'is missing');
  const { place, segments } = await readTreeInDatabase(database, -1);
  if (state.lastSegment >= segments)
    throw new AuditSinkFault(HEAD, 'has moved on since: a node serves from the database of before');
  const epoch = state.epochs.length + 1;
  const at = clock.now();
  const object = composeEpochObject(signer, { epoch, place, fromSegment: segments, why: 'restored', at });
  if (!(await sink.create(composeEpochName(epoch), object)))
    throw new AuditSinkFault(composeEpochName(epoch), 'was made by another run at this moment');
  const last = state.lastSegment < 0 ? null : await readSegment(sink, signer, state.lastSegment);
  await sink.replace(
    HEAD,
    composeHeadObject(signer, {
      ...state.head,
      epoch,
      place,
      lastSegment: state.lastSegment,
      lastRoot: last?.root.toString('base64') ?? null,
      beat: state.head.beat + 1,
      at: at.toISOString(),
    }),
  );
  return epoch;
}

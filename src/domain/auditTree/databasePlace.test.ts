import { expect, test } from '@jest/globals';
import {
  comparePlaces,
  mayServe,
  type PlaceVerdict,
  type TreeInDatabase,
  type TreeInSink,
} from './databasePlace.ts';

const PLACE = { system: '71', database: '16384', timeline: '00000001', started: '1000.5' };
const ROOT = Buffer.alloc(32, 1);
const HERE: TreeInDatabase = {
  place: PLACE,
  segments: 7,
  rootAtHead: ROOT,
  hadSink: true,
  isRestoring: false,
};
const SINK: TreeInSink = { place: PLACE, lastSegment: 6, lastRoot: ROOT, isBeating: true };

test.each<[string, PlaceVerdict, Partial<TreeInDatabase>, Partial<TreeInSink> | null]>([
  ['the database of the sink', 'followed', {}, {}],
  ['that is ahead of the sink', 'followed', { segments: 9 }, {}],
  [
    'with a sink in which nothing is yet',
    'followed',
    { rootAtHead: null },
    { lastSegment: -1, lastRoot: null },
  ],
  ['one that is being restored', 'restoring', { isRestoring: true }, {}],
  ['an empty sink', 'new_sink', { hadSink: false }, null],
  ['an empty sink in place of one that was lost', 'sink_lost', {}, null],
  ['one that lacks a segment', 'went_back', { segments: 6, rootAtHead: null }, {}],
  ['one that lacks all', 'went_back', { segments: 0, rootAtHead: null }, {}],
  ['a new database on a used sink', 'another_log', { segments: 0, rootAtHead: null, hadSink: false }, {}],
  ['one with another root', 'another_log', { rootAtHead: Buffer.alloc(32, 2) }, {}],
  ['another root, and ahead', 'another_log', { segments: 50, rootAtHead: Buffer.alloc(32, 2) }, {}],
  ['in another cluster', 'copy', { place: { ...PLACE, system: '72' } }, {}],
  ['under another name', 'copy', { place: { ...PLACE, database: '16999' } }, {}],
  [
    'in another cluster, while no one reports',
    'copy',
    { place: { ...PLACE, system: '72' } },
    { isBeating: false },
  ],
  ['promoted, while the former one reports', 'contested', { place: { ...PLACE, timeline: '00000002' } }, {}],
  ['promoted', 'moved', { place: { ...PLACE, timeline: '00000002' } }, { isBeating: false }],
  ['restarted', 'moved', { place: { ...PLACE, started: '2000.1' } }, { isBeating: false }],
  [
    'promoted, and lacking',
    'went_back',
    { segments: 6, rootAtHead: null, place: { ...PLACE, timeline: '00000002' } },
    {},
  ],
])('%s is %s', (_name, verdict, here, sink) => {
  expect(comparePlaces({ ...HERE, ...here }, sink && { ...SINK, ...sink })).toBe(verdict);
});

test('nothing is served from a database that the sink does not follow', () => {
  const all: PlaceVerdict[] = [
    'followed',
    'new_sink',
    'moved',
    'contested',
    'sink_lost',
    'another_log',
    'went_back',
    'copy',
  ];
  expect(all.filter(mayServe)).toEqual(['followed', 'new_sink', 'moved']);
});

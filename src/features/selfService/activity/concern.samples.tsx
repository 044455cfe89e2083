/** The page of one line of the log, for each concern. */
import type { PageFrame } from '../../../ui/layout.tsx';
import type { SessionView } from '../../sessions/index.ts';
import { SelfConcernPage } from './concern.page.tsx';
import { findConcern, type Concern } from './concern.rules.ts';
import type { Activity } from './activity.rules.ts';

const FRAME = {
  user: { name: 'Anna Kirstine Vestergaard', csrf: 'x' },
  again: false,
  hasRecentKey: true,
} as const;

/** The first line of each concern. */
export function composeConcernSamples(
  activities: readonly Activity[],
  { network, session }: { readonly network: string; readonly session: SessionView },
) {
  const lines = new Map<Concern, Activity>();
  for (const line of activities) {
    const concern = findConcern(line);
    if (!lines.has(concern)) lines.set(concern, line);
  }
  const compose = (state: string, props: Pick<SelfConcernPage, 'line'> & Partial<SelfConcernPage>) => ({
    state,
    render: (frame: PageFrame) =>
      SelfConcernPage({ ...frame, ...FRAME, network, isLikeHere: false, sessions: [], ...props }),
  });
  const [first] = activities;
  return [
    ...(first ? [compose('first', { line: first, sessions: [session] })] : []),
    ...(first ? [compose('like-here', { line: first, isLikeHere: true })] : []),
    ...[...lines].map(([concern, line]) => compose(concern.replaceAll('_', '-'), { line })),
  ];
}

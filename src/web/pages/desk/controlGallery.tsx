/**
 * The pages of the desk about limits, about what takes two, and about what was refused, in every state that
 * they have.
 */
import type { VNode } from 'preact';
import { REFUSED_WHY } from '../../../core/desk/refusals.ts';
import type { StaffCountKind } from '../../../core/desk/limits.ts';
import type { Role } from '../../../core/staff.ts';
import type { RefusalShown } from '../../../usecases/desk/refusals.ts';
import type { ColleagueActionSeen } from '../../../usecases/desk/settleColleagueAction.ts';
import type { Frame } from '../../layout.tsx';
import type { PageName } from '../pageNames.ts';
import { da } from '../../text/da.ts';
import { COLLEAGUE_CAME, ColleaguePage, ColleaguesPage } from './colleagues.tsx';
import { LimitPage } from './limit.tsx';
import { RefusalsPage } from './refusals.tsx';

interface Sample {
  readonly state: string;
  readonly render: (frame: Frame) => VNode;
}

type ControlPage = Extract<PageName, 'desk-limit' | 'desk-colleagues' | 'desk-colleague' | 'desk-refusals'>;

const at = new Date('2026-11-24T09:40:00Z');
const as = (role: Role) => ({ again: false, staff: { name: 'Hans Hermansen', role, csrf: 'csrf' } });

const action: ColleagueActionSeen = {
  id: '1',
  name: 'Dorte Dalgaard',
  action: 'block-card',
  at,
  isOwn: false,
  reason: 'Kortet er stjålet på vej hjem',
  proposedBy: 'Olga Olesen',
};
const own = { ...action, id: '2', name: 'Erik Eskildsen', action: 'block-id', isOwn: true } as const;

const KINDS = ['look_up', ...Object.keys(da.deskControl.limit.kinds)] as readonly StaffCountKind[];
const WHATS = Object.keys(da.deskControl.refusals.whats);

/** Each action and each reason at least once. */
const refusals: readonly RefusalShown[] = WHATS.map((what, i) => ({
  what,
  why: REFUSED_WHY[i % REFUSED_WHY.length] ?? 'own_id',
  role: (['officer', 'bank_clerk', 'hotline', 'operator', null] as const)[i % 5] ?? null,
  count: i + 1,
  firstAt: at,
  lastAt: new Date(at.getTime() - i * 3_600_000),
  name: 'Bodil Bruun',
  userId: i % 7 === 0 ? null : 'bodil-bruun',
  whom: (
    [
      { kind: 'citizen', mark: '3F9A2C' },
      { kind: 'own' },
      { kind: 'none' },
      { kind: 'colleague', name: 'Dorte Dalgaard' },
    ] as const
  )[i % 4] ?? { kind: 'none' },
}));

function sample(state: string, render: (frame: Frame) => VNode): Sample {
  return { state, render };
}

export const CONTROL_GALLERY: Record<ControlPage, readonly Sample[]> = {
  'desk-limit': KINDS.map((kind) =>
    sample(kind.replaceAll('_', '-'), (frame) => {
      const limit = { kind, most: 20, opensAt: at };
      return LimitPage({ ...frame, ...as('hotline'), languageSwitch: null, limit });
    }),
  ),
  'desk-colleagues': [
    sample('none', (frame) => ColleaguesPage({ ...frame, ...as('hotline'), waiting: [], came: null })),
    ...[null, ...COLLEAGUE_CAME].map((came) =>
      sample(came?.replaceAll('_', '-') ?? 'some', (frame) =>
        ColleaguesPage({ ...frame, ...as('hotline'), waiting: [action, own], came }),
      ),
    ),
  ],
  'desk-colleague': [
    sample('first', (frame) => ColleaguePage({ ...frame, ...as('hotline'), action })),
    sample('own', (frame) => ColleaguePage({ ...frame, ...as('hotline'), action: own })),
  ],
  'desk-refusals': [
    sample('none', (frame) => RefusalsPage({ ...frame, ...as('operator'), refusals: [] })),
    sample('some', (frame) => RefusalsPage({ ...frame, ...as('operator'), refusals })),
  ],
};

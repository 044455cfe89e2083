/**
 * The pages of the desk about limits, about actions that take two members of staff, and about refusals, in
 * every state.
 */
import type { VNode } from 'preact';
import { DESK_REFUSAL_REASONS } from '../../../domain/staff/refusals.ts';
import type { StaffCountKind } from '../limits.rules.ts';
import type { StaffRole } from '../../../domain/staff/staff.ts';
import type { DeskRefusalView } from './deskRefusals.ts';
import type { ColleagueActionView } from '../staff/settleColleagueAction.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import type { PageName } from '../../../ui/pageNames.ts';
import { da } from '../../../ui/words/words.da.ts';
import { COLLEAGUE_OUTCOMES, ColleaguePage, ColleaguesPage } from '../staff/colleagues.page.tsx';
import { LimitPage } from '../limit.page.tsx';
import { RefusalsPage } from './refusals.page.tsx';

interface ControlSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

type ControlPage = Extract<PageName, 'desk-limit' | 'desk-colleagues' | 'desk-colleague' | 'desk-refusals'>;

const at = new Date('2026-11-24T09:40:00Z');
const composeFrameOfRole = (role: StaffRole) => ({
  again: false,
  staff: { name: 'Hans Hermansen', role, csrf: 'csrf' },
});

const action: ColleagueActionView = {
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
const ACTIONS = Object.keys(da.deskControl.refusals.whats);

/** Each action and each reason at least once. */
const refusals: readonly DeskRefusalView[] = ACTIONS.map((what, i) => ({
  what,
  why: DESK_REFUSAL_REASONS[i % DESK_REFUSAL_REASONS.length] ?? 'own_id',
  role: (['officer', 'bank_clerk', 'hotline', 'operator', null] as const)[i % 5] ?? null,
  count: i + 1,
  firstAt: at,
  lastAt: new Date(at.getTime() - i * 3_600_000),
  name: 'Bodil Bruun',
  userId: i % 7 === 0 ? null : 'bodil-bruun',
  subject: (
    [
      { kind: 'citizen', mark: '3F9A2C' },
      { kind: 'own' },
      { kind: 'none' },
      { kind: 'colleague', name: 'Dorte Dalgaard' },
    ] as const
  )[i % 4] ?? { kind: 'none' },
}));

function composeControlSample(state: string, render: (frame: PageFrame) => VNode): ControlSample {
  return { state, render };
}

export const CONTROL_GALLERY: Record<ControlPage, readonly ControlSample[]> = {
  'desk-limit': KINDS.map((kind) =>
    composeControlSample(kind.replaceAll('_', '-'), (frame) => {
      const limit = { kind, most: 20, opensAt: at };
      return LimitPage({ ...frame, ...composeFrameOfRole('hotline'), languageSwitch: null, limit });
    }),
  ),
  'desk-colleagues': [
    composeControlSample('none', (frame) =>
      ColleaguesPage({ ...frame, ...composeFrameOfRole('hotline'), waiting: [], outcome: null }),
    ),
    ...[null, ...COLLEAGUE_OUTCOMES].map((outcome) =>
      composeControlSample(outcome?.replaceAll('_', '-') ?? 'some', (frame) =>
        ColleaguesPage({ ...frame, ...composeFrameOfRole('hotline'), waiting: [action, own], outcome }),
      ),
    ),
  ],
  'desk-colleague': [
    composeControlSample('first', (frame) =>
      ColleaguePage({ ...frame, ...composeFrameOfRole('hotline'), action }),
    ),
    composeControlSample('own', (frame) =>
      ColleaguePage({ ...frame, ...composeFrameOfRole('hotline'), action: own }),
    ),
  ],
  'desk-refusals': [
    composeControlSample('none', (frame) =>
      RefusalsPage({ ...frame, ...composeFrameOfRole('operator'), refusals: [] }),
    ),
    composeControlSample('some', (frame) =>
      RefusalsPage({ ...frame, ...composeFrameOfRole('operator'), refusals }),
    ),
  ],
};

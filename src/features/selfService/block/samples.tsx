/** Blocking and closing in self-service, in every state. */
import { BLOCK_TARGETS } from '../../../domain/factors/heldFactors.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { SelfBlockCheckPage, SelfBlockedPage, SelfBlockPage } from './block.page.tsx';
import { SelfClosedPage, SelfClosePage } from './close.page.tsx';

const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const composeSampleFrame = (frame: PageFrame) => ({ ...frame, user, again: false, hasRecentKey: true });

export const SELF_BLOCK_GALLERY = {
  'self-block': [
    { state: 'first', render: (frame: PageFrame) => SelfBlockPage(composeSampleFrame(frame)) },
    ...BLOCK_TARGETS.map((what) => ({
      state: what.replace('_', '-'),
      render: (frame: PageFrame) => SelfBlockCheckPage({ ...composeSampleFrame(frame), what }),
    })),
  ],
  'self-blocked': [
    { state: 'first', render: (frame: PageFrame) => SelfBlockedPage({ ...frame, what: 'card' }) },
    { state: 'identity', render: (frame: PageFrame) => SelfBlockedPage({ ...frame, what: 'identity' }) },
    {
      state: 'security-keys',
      render: (frame: PageFrame) => SelfBlockedPage({ ...frame, what: 'security_keys' }),
    },
    {
      state: 'code-token',
      render: (frame: PageFrame) => SelfBlockedPage({ ...frame, what: 'code_token' }),
    },
  ],
  'self-close': [
    {
      state: 'first',
      render: (frame: PageFrame) => SelfClosePage({ ...composeSampleFrame(frame), isUnticked: false }),
    },
    {
      state: 'unticked',
      render: (frame: PageFrame) => SelfClosePage({ ...composeSampleFrame(frame), isUnticked: true }),
    },
  ],
  'self-closed': [{ state: 'first', render: (frame: PageFrame) => SelfClosedPage(frame) }],
};

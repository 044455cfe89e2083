/**
 * The response where a limit on a member of staff is reached: 429 with the time from which a retry is
 * possible.
 */
import type { Context } from 'koa';
import type { LimitReached } from './limits.rules.ts';
import type { OverLimit } from './search/lookUps.ts';
import { sendPage } from '../../ui/page.ts';
import { LimitPage } from './limit.page.tsx';
import { composeDeskFrame, type DeskDeps, type StaffAtDesk } from './guard.ts';

/** Sets the status for the page that shows the form again, with what was typed. */
export function markOverLimit({ context }: DeskDeps, ctx: Context, { opensAt }: LimitReached): void {
  ctx.status = 429;
  const seconds = Math.ceil((opensAt.getTime() - context.clock.now().getTime()) / 1_000);
  ctx.set('Retry-After', String(Math.max(1, seconds)));
}

export function sendLimitPage(desk: DeskDeps, ctx: Context, staff: StaffAtDesk, limit: LimitReached): void {
  markOverLimit(desk, ctx, limit);
  sendPage(ctx, LimitPage({ ...composeDeskFrame(desk, ctx, staff), languageSwitch: null, limit }));
}

export function isOverLimit<Other>(outcome: Other | OverLimit): outcome is OverLimit {
  return (
    typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'over_limit'
  );
}

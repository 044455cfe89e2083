/**
 * Codes leave for the e-mail addresses that wait for them: an outbox of its own, which nodes of the version
 * before do not know. It is the one mail that goes to an address that has not answered, and names nobody.
 */
import { retryAfterMs } from '../../core/letter.ts';
import type { Log } from '../../platform/log.ts';
import { isRefusedForGood, type Mail } from '../../platform/mail.ts';
import { writeEmailCode } from '../../post/emailCode.ts';
import {
  noteEmailCodeFailure,
  noteEmailCodeSent,
  takeEmailCodes,
  type TakenEmailCode,
} from '../../store/contact/emailRequests.ts';
import type { World } from '../world.ts';
import { readEmailCode } from './emailCode.ts';
import { openRequestedEmail } from './giveEmail.ts';

export interface EmailCodePost {
  readonly mail: Mail;
  /** The phone number of it. */
  readonly hotline: string;
  readonly log: Log;
  readonly atOnce: number;
  readonly leaseMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends what can be sent now. @returns how many codes are done with. */
export async function sendEmailCodes(world: World, post: EmailCodePost): Promise<number> {
  let done = 0;
  for (;;) {
    const taken = await takeEmailCodes(world.database, { limit: post.atOnce, leaseMs: post.leaseMs });
    const came = await Promise.all(
      taken.map((code) =>
        sendOne(world, post, code).then(
          () => true,
          (error: unknown) => setBack(world, post, code, error),
        ),
      ),
    );
    done += came.filter(Boolean).length;
    if (taken.length < post.atOnce || !came.some(Boolean) || post.signal?.aborted) return done;
  }
}

/** @throws whatever stands in the way. */
async function sendOne(world: World, { mail, hotline }: EmailCodePost, taken: TakenEmailCode): Promise<void> {
  const { database, clock } = world;
  const { codeId, codeUntil, language } = taken;
  // It opens nothing any more.
  if (codeUntil <= clock.now()) return await noteEmailCodeSent(database, codeId);
  const code = readEmailCode(world, codeId);
  const words = writeEmailCode({ code, until: codeUntil, hotline }, language);
  try {
    await mail.send({ id: codeId, to: openRequestedEmail(world, taken), ...words });
  } catch (error) {
    if (!isRefusedForGood(error)) throw error;
    return await noteEmailCodeSent(database, codeId, true);
  }
  await noteEmailCodeSent(database, codeId);
}

/** A mail server that is down is waited for, as long as the code is good for something. */
async function setBack(
  { database }: World,
  { log }: EmailCodePost,
  { codeId, sendTries }: TakenEmailCode,
  error: unknown,
): Promise<false> {
  const failures = sendTries + 1;
  await noteEmailCodeFailure(database, codeId, retryAfterMs(failures));
  log.warn({ codeId, tries: failures, err: error }, 'the code for an e-mail address could not be sent yet');
  return false;
}

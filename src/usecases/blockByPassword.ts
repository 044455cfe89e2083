/**
 * Blocking with user ID and password alone. It works while sign-in is locked and has a counter of its own; the answer
 * says the same of right, wrong and unknown, in bytes and in time.
 */
import { ladders, networkOf, whyRefused } from '../core/lockout.ts';
import { passwordTyped } from '../core/password.ts';
import { foldName } from '../core/userId.ts';
import { countTry, giveTryBack, judgeWrong } from '../store/attempts.ts';
import { findCredentials } from '../store/identities.ts';
import { rememberReplayId } from '../store/oidcRecords.ts';
import { block, type Blockable } from './block.ts';
import { networkTry } from './signIn/givePassword.ts';
import { browserKey } from './knownBrowser.ts';
import { answerAtStrike } from './strike.ts';
import { unlessBusy } from './unlessBusy.ts';
import type { World } from './world.ts';

export interface AskedToBlock {
  readonly typedName: string;
  readonly password: string;
  readonly what: Blockable;
  readonly address: string;
  readonly browser: string | null;
  /** What the page drew for this form; sent twice by a double-click, it blocks once. */
  readonly form: string | null;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/** A blocking writes more than a wrong password does; nobody is to tell the two by the clock: it strikes every so often. */
const ANSWER_MS = 400;
const DAY_MS = 24 * 3_600_000;

/**
 * `received`: if it was right, all of it is blocked now, on every node. `slowed`: too many tries at this name or from
 * this network; nothing was judged. `busy`: nothing was judged either, and nothing counted.
 */
export async function blockByPassword(
  world: World,
  asked: AskedToBlock,
): Promise<'received' | 'slowed' | 'busy'> {
  return await answerAtStrike(ANSWER_MS, () => judge(world, asked));
}

/** False for the second half of a double-click, which would go on to the card that only travels. */
async function isFirst({ database, keyring, clock }: World, { form }: AskedToBlock): Promise<boolean> {
  if (form === null) return true;
  const id = keyring.hmac('records', `block form ${form}`);
  return await rememberReplayId(database, id, new Date(clock.now().getTime() + DAY_MS));
}

async function judge(world: World, asked: AskedToBlock): Promise<'received' | 'slowed' | 'busy'> {
  const { database, hasher, keyring, clock, rules } = world;
  const name = foldName(asked.typedName);
  const now = clock.now();
  const browser = asked.browser === null ? null : browserKey(world, asked.browser);
  const credentials = await findCredentials(database, name, browser, now);
  const isKnown = credentials?.knownBrowser ?? false;
  const whose = credentials ? `identity ${credentials.identityId}` : `name ${name}`;
  const from = isKnown && browser ? ` from browser ${browser.toString('base64url')}` : '';
  const subject = keyring.hmac('attempts', `block of ${whose}${from}`);
  const network = isKnown ? null : networkTry(world, asked.address);
  const ladder = ladders(rules).block;

  const counted = await countTry(database, subject, ladder, now, network);
  if (counted.kind === 'slowed') return 'slowed';
  if (counted.kind === 'refused') {
    return whyRefused(counted.attempts, ladder, now).kind === 'locked' ? 'slowed' : 'busy';
  }
  const password = passwordTyped(asked.password, credentials?.isTemporary ?? false);
  const isRight = await unlessBusy(
    hasher.verify(credentials?.passwordHash ?? null, password, {
      // Not with the sign-in: strangers who try there do not keep anybody from blocking.
      identity: keyring.hmac('attempts', `block of ${whose}`).toString('base64url'),
      network: isKnown ? null : networkOf(asked.address),
      isKnown,
      signal: asked.signal,
    }),
    async () => await giveTryBack(database, subject, network),
  );
  if (isRight === 'busy') return 'busy';
  // Right ones count too: otherwise the count would tell them from the wrong ones.
  await judgeWrong(database, subject, ladder, now);
  if (isRight && credentials && (await isFirst(world, asked))) {
    await block(world, credentials.identityId, asked.what, { by: 'person' });
  }
  return 'received';
}

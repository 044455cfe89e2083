/**
 * The version before is upgraded, rolled back and upgraded again, node by node behind a proxy, while people
 * sign in.
 */
import { setTimeout } from 'node:timers/promises';
import type { FormerRelease } from './changelog.ts';
import { IS_WHOLE_PROOF } from './wholeProof.ts';
import type { TestPerson } from './people.ts';
import { UpgradeInstallation } from './upgradeInstallation.ts';
import {
  arriveAsGuest,
  signInAndOut,
  signInOnce,
  stayAsGuest,
  useAtBothNodes,
  type UpgradeGuest,
} from './upgradePeople.ts';

/** What an operator does, one after the other: `migrate`, or one of the two nodes is replaced. */
const STEPS = [
  { name: 'migrated, former nodes', replace: null },
  { name: 'forward, one node', replace: { node: 0, by: 'this' } },
  { name: 'forward, both', replace: { node: 1, by: 'this' } },
  { name: 'back, one node', replace: { node: 0, by: 'former' } },
  { name: 'back, both', replace: { node: 1, by: 'former' } },
  { name: 'forward again, one node', replace: { node: 0, by: 'this' } },
  { name: 'forward again, both', replace: { node: 1, by: 'this' } },
] as const;
type Step = (typeof STEPS)[number];

const LANES = IS_WHOLE_PROOF ? 6 : 3;
/** Between two sign-ins of a lane: while nodes are replaced, other suites need the processor, too. */
const PAUSE_MS = IS_WHOLE_PROOF ? 0 : 150;
const PEOPLE_PER_LANE = 4;
/** With the next key of 148 a new card is due, and so a letter. */
const KEYS_SPENT_BEFORE_RENEWAL = 127;
/** For each step: who stays, who logs out, who is at both nodes, whose card runs out. */
const CARDS_OF_STEP = [0, 0, 0, KEYS_SPENT_BEFORE_RENEWAL];

interface PhaseFigures {
  readonly phase: string;
  readonly signIns: number;
  /** The requests that each node answered. */
  readonly served: readonly number[];
}

export class RollingUpgrade {
  /** Of sign-ins: one each, with the first answer that was not as it should be. */
  readonly failures: string[] = [];
  /** Of sessions, tokens, log-outs, single use and processes. */
  readonly otherFailures: string[] = [];
  readonly figures: PhaseFigures[] = [];
  /** Sessions whose relying party has to be notified. */
  readonly endedSessions: unknown[] = [];
  /** How often one key and one code were used at both versions at the same time. */
  races = 0;
  stays = 0;
  signIns = 0;
  #on: UpgradeInstallation | null = null;
  #people: TestPerson[] = [];

  async begin(release: FormerRelease): Promise<void> {
    this.#on = await UpgradeInstallation.of(release);
    const inLanes = Array.from({ length: LANES * PEOPLE_PER_LANE }, () => 0);
    this.#people = await this.#on.start([...inLanes, ...STEPS.flatMap(() => CARDS_OF_STEP)]);
  }

  get on(): UpgradeInstallation {
    if (!this.#on) throw new Error('not begun');
    return this.#on;
  }

  /** @param total sign-ins at the minimum; they continue until the last step is done */
  async walk(total: number): Promise<void> {
    const progress = { started: 0, isDone: false };
    const lanes = Promise.all(
      Array.from({ length: LANES }, (_, lane) => this.#signInRepeatedly(lane, total, progress)),
    );
    const guests: UpgradeGuest[] = [];
    try {
      for (const [index, step] of STEPS.entries()) {
        const [signIns, before] = [this.signIns, await this.on.proxy.countServed()];
        await this.#take(step);
        this.on.answers.step = `${step.name}: done`;
        await this.#doOtherThings(index, step.name, guests);
        const until = ((index + 1) * total) / STEPS.length;
        while (this.signIns + this.failures.length < until) await setTimeout(20);
        const after = await this.on.proxy.countServed();
        const served = after.map((many, node) => many - (before[node] ?? 0));
        this.figures.push({ phase: step.name, signIns: this.signIns - signIns, served });
      }
    } finally {
      progress.isDone = true;
      await lanes;
    }
  }

  /** Counted as the lanes count. */
  async signIn(person = this.#personAt(0)): Promise<void> {
    await signInOnce(this.on, person).then(
      () => void (this.signIns += 1),
      (error: unknown) => void this.failures.push(String(error)),
    );
  }

  async #signInRepeatedly(
    lane: number,
    total: number,
    progress: { started: number; isDone: boolean },
  ): Promise<void> {
    for (let turn = 0; progress.started < total || !progress.isDone; turn += 1) {
      progress.started += 1;
      await this.signIn(this.#personAt(lane * PEOPLE_PER_LANE + (turn % PEOPLE_PER_LANE)));
      await setTimeout(PAUSE_MS);
    }
  }

  async #take({ name, replace }: Step): Promise<void> {
    this.on.answers.step = `${name}: under way`;
    if (replace === null) {
      console.info(`migrate: ${(await this.on.runCommand('this', 'migrate')).trim()}`);
      return;
    }
    const code = await this.on.replaceNode(replace.node, replace.by);
    if (code !== 0) this.otherFailures.push(`${name}: the process that was replaced ended with ${code}`);
  }

  async #doOtherThings(index: number, name: string, guests: UpgradeGuest[]): Promise<void> {
    const first = LANES * PEOPLE_PER_LANE + CARDS_OF_STEP.length * index;
    for (const guest of guests)
      await this.#note(`${name}: a guest since "${guest.since}"`, async () => {
        await stayAsGuest(this.on, guest);
        this.stays += 1;
      });
    await this.#note(`${name}: arrives`, async () => {
      guests.push(await arriveAsGuest(this.on, this.#personAt(first), name));
    });
    await this.#note(`${name}: logs out`, async () => {
      this.endedSessions.push(await signInAndOut(this.on, this.#personAt(first + 1)));
    });
    if (new Set(this.on.nodes.map(({ version }) => version)).size === 2)
      await this.#note(`${name}: at both versions`, async () => {
        await useAtBothNodes(this.on, this.#personAt(first + 2));
        this.races += 1;
      });
    await this.#note(`${name}: card runs out`, () => signInOnce(this.on, this.#personAt(first + 3)));
  }

  async #note(what: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.otherFailures.push(`${what}: ${String(error)}`));
  }

  #personAt(index: number): TestPerson {
    const person = this.#people[index];
    if (!person) throw new Error('not begun');
    return person;
  }
}

/** A guest arrives at each, and stays at all later ones. */
export const STEPS_OF_UPGRADE = STEPS.length;

/** The machines of the database together: which is the primary, and whether all is well again. */
import type { DatabaseMachine } from './databaseMachine.ts';
import { until } from './processes.ts';

interface Member {
  readonly name: string;
  /** `leader`, `sync_standby` or `replica`. */
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
  readonly lag?: number | string;
}

const WELL_MS = 120_000;
const MAX_LAG_BYTES = 1_000_000;

export class DatabaseCluster {
  readonly machines: readonly DatabaseMachine[];

  readonly #isSynchronous: boolean;

  constructor(machines: readonly DatabaseMachine[], isSynchronous: boolean) {
    this.machines = machines;
    this.#isSynchronous = isSynchronous;
  }

  /** As each member that answers sees it, without `except`. @returns null when none answers */
  async readMembers(except?: DatabaseMachine): Promise<Member[] | null> {
    for (const machine of this.machines) {
      if (machine === except) continue;
      const found = await machine.request<{ members?: Member[] }>('/cluster');
      if (found?.answer.members) return found.answer.members;
    }
    return null;
  }

  #named(name: string): DatabaseMachine {
    const machine = this.machines.find((one) => one.name === name);
    if (!machine) throw new Error(`no machine ${name}`);
    return machine;
  }

  /** The member that calls itself the primary, as HAProxy asks it. */
  async findPrimary(except?: DatabaseMachine): Promise<DatabaseMachine | null> {
    const asked = this.machines.filter((machine) => machine !== except);
    const answers = await Promise.all(asked.map(async (machine) => await machine.request('/primary')));
    return asked.find((_, i) => answers[i]?.status === 200) ?? null;
  }

  async primary(): Promise<DatabaseMachine> {
    return await until('a primary', WELL_MS, async () => await this.findPrimary());
  }

  async syncStandby(): Promise<DatabaseMachine> {
    return await until('a synchronous standby', WELL_MS, async () => {
      const found = (await this.readMembers())?.find(({ role }) => role === 'sync_standby');
      return found ? this.#named(found.name) : null;
    });
  }

  /** All members run and follow, and one is the synchronous standby where there is to be one. */
  async untilWell(): Promise<DatabaseMachine> {
    let seen: Member[] | null = null;
    return await until('all members of the database run and follow', WELL_MS, async () => {
      seen = await this.readMembers();
      return seen !== null && this.#isWell(seen) ? await this.findPrimary() : null;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(seen)}`);
    });
  }

  #isWell(members: readonly Member[]): boolean {
    const leader = members.find(({ role }) => role === 'leader');
    const standbys = members.filter(({ role }) => role !== 'leader');
    if (!leader || leader.state !== 'running' || standbys.length !== this.machines.length - 1) return false;
    const isFollowing = ({ state, timeline, lag }: Member) =>
      /^(running|streaming)$/.test(state) && timeline === leader.timeline && Number(lag) < MAX_LAG_BYTES;
    const hasSynchronous = standbys.some(({ role }) => role === 'sync_standby');
    return standbys.every(isFollowing) && hasSynchronous === this.#isSynchronous;
  }
}

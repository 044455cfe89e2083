/** The jobs that run on a node: how many there are, and how each ended. */
import type { TaskList } from 'graphile-worker';
import { SCHEDULE_SECONDS, SELF_CONCURRENT, type JobTasks } from './tasks.ts';
import type { WorkerState } from './workerState.ts';

export class RunningJobs {
  readonly #state: WorkerState;
  count = 0;

  constructor(state: WorkerState) {
    this.#state = state;
  }

  /**
   * Runs each scheduled task once at a time on a node, so that a slow one (a print house that hangs) leaves
   * room for the others. graphile-worker's named queues are not used: a queue whose worker was killed stays
   * locked.
   */
  runOneAtATime(tasks: JobTasks, signal: AbortSignal): TaskList {
    const running = new Set<string>();
    return Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [
        name,
        async (payload: unknown) => {
          const isAlone = name in SCHEDULE_SECONDS && !SELF_CONCURRENT.has(name);
          if (isAlone && running.has(name)) return;
          running.add(name);
          try {
            await this.#run(name, () => task(payload, signal));
          } finally {
            running.delete(name);
          }
        },
      ]),
    );
  }

  async #run(name: string, work: () => Promise<void>): Promise<void> {
    this.count += 1;
    try {
      await work();
      this.#state.noteSuccess(name);
    } catch (error) {
      this.#state.noteError(name, error);
      throw error;
    } finally {
      this.count -= 1;
    }
  }
}

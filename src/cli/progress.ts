/** The progress of a long command, on stderr: stdout carries only the result. */
const BAR_WIDTH = 40;

/** @param share from 0 to 1 */
export function drawProgress(share: number, text: string): void {
  const bar = '#'.repeat(Math.round(Math.min(share, 1) * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  process.stderr.write(`\r[${bar}] ${text}`);
}

export function endProgress(): void {
  process.stderr.write('\n');
}

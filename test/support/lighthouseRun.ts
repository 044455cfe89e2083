/**
 * Runs Lighthouse over pages, in a separate process: its thousand modules take jest ten times as long to
 * load. Connects to a running Chromium by its debugging port. Arguments: the port, and addresses. Prints one
 * line of JSON for each.
 */
import lighthouse from 'lighthouse';

const [port, ...urls] = process.argv.slice(2);
for (const url of urls) {
  const result = await lighthouse(url, {
    port: Number(port),
    onlyCategories: ['accessibility', 'best-practices'],
    logLevel: 'error',
    // Slow networks are simulated by calculation, and nothing is waited for: 2 s a page instead of 13.
    // Performance is not measured.
    throttlingMethod: 'simulate',
    disableFullPageScreenshot: true,
    pauseAfterFcpMs: 0,
    pauseAfterLoadMs: 0,
    networkQuietThresholdMs: 0,
    cpuQuietThresholdMs: 0,
  });
  if (!result) throw new Error(`nothing of ${url}`);
  const { categories, audits } = result.lhr;
  const scores = Object.values(categories).map(({ id, score }) => [id, score]);
  const faults = Object.values(audits)
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title }) => `${id}: ${title}`);
  process.stdout.write(`${JSON.stringify({ url, scores: Object.fromEntries(scores), faults })}\n`);
}
// Its socket to the browser stays open otherwise.
process.exit();

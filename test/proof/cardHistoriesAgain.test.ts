/** As many again of the histories of cardHistories.test.ts, on the other core. */
await import('./cardHistories.test.ts');

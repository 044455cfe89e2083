/**
 * Preloaded into a node: its password hashes cost next to nothing, which leaves the rest of a sign-in's cost.
 */
import { registerHooks } from 'node:module';

const CHEAP = new URL('./cheapArgon2.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === '@node-rs/argon2' && context.parentURL !== CHEAP
      ? { url: CHEAP, format: 'module-typescript', shortCircuit: true }
      : nextResolve(specifier, context),
});

/** Parameters of a long statement by their names, numbered in the order in which the text first uses them. */

export interface NamedParameters<Name extends string> {
  /** `$n` for each name. */
  readonly p: Readonly<Record<Name, string>>;
  /** The values in the order of the numbers. */
  readonly list: (values: Readonly<Record<Name, unknown>>) => unknown[];
}

/** @param first the names that have the first numbers, for parts of a statement that number theirs */
export function nameParameters<Name extends string>(first: readonly Name[] = []): NamedParameters<Name> {
  const names: Name[] = [...first];
  const p = new Proxy({} as Record<Name, string>, {
    get: (_, property) => {
      const name = property as Name;
      if (!names.includes(name)) names.push(name);
      return `$${names.indexOf(name) + 1}`;
    },
  });
  return { p, list: (values) => names.map((name) => values[name]) };
}

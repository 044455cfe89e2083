/** Finds a name that stands twice in one JSON object: JSON.parse would keep the last and drop the others. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * @param json valid JSON
 * @returns the way to the repeated name; null when there is none
 */
export function findRepeatedName(json: string): readonly string[] | null {
  const levels: { readonly names: Set<string>; name: string }[] = [];
  const tokens = json.match(TOKEN) ?? [];
  for (const [i, token] of tokens.entries()) {
    if (token === '{' || token === '[') levels.push({ names: new Set(), name: '' });
    else if (token === '}' || token === ']') levels.pop();
    const level = levels.at(-1);
    if (!level || tokens[i + 1] !== ':' || !token.startsWith('"')) continue;
    level.name = JSON.parse(token) as string;
    if (level.names.has(level.name)) return levels.map(({ name }) => name).filter((name) => name !== '');
    level.names.add(level.name);
  }
  return null;
}

import type { ComponentChildren, VNode } from 'preact';

interface Table {
  /** The id of the heading that names it. */
  readonly labelledBy: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
}

/** A table whose first column names the row. On a narrow screen each row is a list with its labels. */
export function Table({ labelledBy, head, rows }: Table): VNode {
  return (
    <table class="noegle-table" aria-labelledby={labelledBy}>
      <thead>
        <tr>
          {head.map((label) => (
            <th scope="col" key={label}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...others] }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {others.map((cell, i) => (
              <td data-label={head[i + 1]} key={head[i + 1]}>
                <div>{cell}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// A table that becomes a list of cards where there is no room for columns.
//
//   <${DataTable} label=${t("clients.title")} rows=${clients} rowKey=${(each) => each.id} columns=${[
//     { title: t("clients.phone"), cell: (each) => html`<a href=…>${phone(each.phone)}</a>`, main: true },
//     { title: t("clients.tags"), cell: (each) => each.tags.join(", ") },
//     { title: t("clients.count"), cell: (each) => number(each.count), numeric: true },
//   ]} />
import { html } from "../html.js";

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: T) => any} cell
 * @property {boolean} [main] what the row is about: its heading
 * @property {boolean} [numeric] to the right, in tabular figures
 * @property {string} [width] such as "12rem" or "40%"
 */

/**
 * The roles are said again because `display`, which the cards need, takes them away from some
 * browsers' tables.
 * @param {{ label: string, columns: Column<any>[], rows: any[], rowKey: (row: any) => string, busy?: boolean }} props
 */
export function DataTable({ label, columns, rows, rowKey, busy = false }) {
  const heads = columns.map(
    (each) =>
      html`<th key=${each.title} scope="col" role="columnheader" class=${each.numeric ? "numeric" : ""} style=${{ width: each.width }}>${each.title}</th>`,
  );
  const lines = rows.map((row) => {
    const cells = columns.map((each) => {
      const style = each.numeric ? "numeric" : "";
      return each.main
        ? html`<th key=${each.title} scope="row" role="rowheader" class=${`main ${style}`}>${each.cell(row)}</th>`
        : html`<td key=${each.title} role="cell" class=${style} data-title=${each.title}>${each.cell(row)}</td>`;
    });
    return html`<tr key=${rowKey(row)} role="row">${cells}</tr>`;
  });
  return html`<table class="cards" role="table" aria-label=${label} aria-busy=${busy ? "true" : "false"}>
    <thead role="rowgroup"><tr role="row">${heads}</tr></thead>
    <tbody role="rowgroup">${lines}</tbody>
  </table>`;
}

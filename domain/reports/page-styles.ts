/** Of all pages for people: calm, in print as on a phone, by day and by night. */
export const PAGE_STYLES = `
:root { color-scheme: light dark; --ink: light-dark(#1d2327, #e8e6e1); --soft: light-dark(#5c666d, #a3a9ad); --paper: light-dark(#fdfcfa, #16191b); --line: light-dark(#e2ded6, #2e3438); --shade: light-dark(#f4f1eb, #1e2326); --accent: light-dark(#1f5f5b, #7cc4bd); --bad: light-dark(#a3341c, #f0907a); --good: light-dark(#2c6b35, #86c98f); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 2.5rem 1.5rem 3rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
p, li { max-width: 46rem; }
a { color: var(--accent); }
code, kbd { font: .9em ui-monospace, 'SF Mono', Menlo, Consolas, monospace; background: var(--shade); padding: .1em .35em; border-radius: 3px; }
pre { background: var(--shade); padding: .8rem 1rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; }
.subtitle, footer, small, .empty, caption { color: var(--soft); }
.subtitle { margin: 0; font-size: 1.05rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0 0; padding: 1rem 0; border-block: 1px solid var(--line); }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.3; }
.figures .good dd { color: var(--good); }
.figures .bad dd { color: var(--bad); }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem; margin: 0 0 .75rem; color: var(--soft); font-size: .9rem; }
.controls select, .controls input { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 5px; padding: .3rem .5rem; }
.controls output { margin-left: auto; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); white-space: nowrap; vertical-align: bottom; padding-block: .35rem; }
th button { all: unset; cursor: pointer; font-weight: 600; font-size: .85rem; color: var(--soft); }
th button:focus-visible, select:focus-visible, input:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort] button { color: var(--ink); }
th[aria-sort='ascending'] button::after { content: ' ↑'; }
th[aria-sort='descending'] button::after { content: ' ↓'; }
.number, .money { text-align: right; white-space: nowrap; }
.date { white-space: nowrap; }
td small { display: block; font-size: .85em; }
td.text { overflow-wrap: break-word; min-width: 5rem; }
tfoot td { font-weight: 600; border-bottom: 0; }
tbody tr:hover { background: var(--shade); }
footer { margin-top: 3.5rem; font-size: .85rem; }
@media screen and (max-width: 46rem) {
  body { padding: 1.5rem 1rem 2rem; }
  h1 { font-size: 1.5rem; }
  .figures { gap: .75rem 1.75rem; }
  table, tbody, tfoot, tr, td { display: block; }
  thead { display: block; overflow-x: auto; border-bottom: 1px solid var(--line); }
  thead tr { display: flex; gap: 1rem; }
  thead th { border: 0; padding-right: 0; }
  tbody tr, tfoot tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
  tbody tr[hidden] { display: none; }
  td { display: grid; grid-template-columns: 8.5rem 1fr; gap: .75rem; border: 0; padding: .12rem 0; text-align: left; white-space: normal; }
  td.number, td.money { text-align: left; }
  td::before { content: attr(data-title); color: var(--soft); }
  td:empty { display: none; }
  td small { grid-column: 2; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; background: none; }
  table, th button { font-size: 9pt; }
  th, td { padding-block: .3rem; }
  .controls, script { display: none; }
  thead { display: table-header-group; }
  tr, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .chapter { break-before: page; }
}
`;

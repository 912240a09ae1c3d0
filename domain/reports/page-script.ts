/** Sorts and filters the tables of a page in the reader's browser. Without it the page still reads. */
export const PAGE_SCRIPT = `
for (const box of document.querySelectorAll('.table')) {
  const [body] = box.querySelectorAll('tbody');
  const heads = [...box.querySelectorAll('thead th')];
  const rows = [...body.rows];
  const valueOf = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].firstChild?.textContent ?? '';
  const isNumber = (head) => head.classList.contains('number') || head.classList.contains('money');
  const toNumber = (text) => Number.parseFloat(text.replaceAll(/[^0-9.\\-]/g, '')) || 0;
  heads.forEach((head, column) => {
    head.querySelector('button').addEventListener('click', () => {
      const numeric = isNumber(head);
      // Numbers begin with the greatest.
      const next = head.ariaSort === null ? (numeric ? 'descending' : 'ascending') : head.ariaSort === 'ascending' ? 'descending' : 'ascending';
      for (const each of heads) each.ariaSort = null;
      head.ariaSort = next;
      const sign = next === 'ascending' ? 1 : -1;
      rows.sort((left, right) => {
        const [a, b] = [valueOf(left, column), valueOf(right, column)];
        return sign * (numeric ? toNumber(a) - toNumber(b) : a.localeCompare(b, 'en', { numeric: true }));
      });
      body.append(...rows);
    });
  });
  const controls = box.querySelector('.controls');
  if (!controls) continue;
  const [search] = controls.querySelectorAll('input');
  const selects = [...controls.querySelectorAll('select')];
  const output = controls.querySelector('output');
  const apply = () => {
    const wanted = search ? search.value.trim().toLowerCase() : '';
    let shown = 0;
    for (const row of rows) {
      const fits =
        selects.every((select) => select.value === '' || row.cells[Number(select.dataset.column)].firstChild?.textContent === select.value) &&
        row.textContent.toLowerCase().includes(wanted);
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    const all = rows.length + (rows.length === 1 ? ' row' : ' rows');
    output.textContent = shown === rows.length ? all : shown + ' of ' + all;
  };
  controls.addEventListener('input', apply);
}
`;

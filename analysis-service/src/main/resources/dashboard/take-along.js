/** Lines of a page as a file. */

/** A cell that a spreadsheet would take for a formula is marked as a text. */
function cell(value) {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** valueOf(line, column) answers what stands in a cell. */
export function csv(columns, lines, valueOf = (line, column) => line[column]) {
  return [columns.join(','), ...lines.map((line) => columns.map((column) => cell(valueOf(line, column))).join(',')), ''].join('\r\n');
}

/** Has the browser keep it. */
export function takeAlong(name, form, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: form === 'json' ? 'application/json' : 'text/csv'}));
  link.download = `serinus-${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${form}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

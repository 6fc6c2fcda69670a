// Handing a text to the browser as a file to save. Refuses to know what it says.

export function saveFile(name: string, text: string): void {
  // The mark at the beginning tells sheets that it is UTF-8.
  save(name, new Blob(['\uFEFF', text.replace(/^\uFEFF/, '')], { type: 'text/csv;charset=utf-8' }));
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers fetch it only after the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The same of bytes. */
export const saveBytes = save;

/** The same of a text that programs read. */
export function saveJson(name: string, text: string): void {
  save(name, new Blob([text], { type: 'application/json' }));
}

/** A file that somebody has chosen, with its name in the folder that it came from. */
export interface PickedFile {
  file: File;
  name: string;
}

export interface Picked {
  files: PickedFile[];
  /** Hidden files and folders, such as those that systems leave everywhere. */
  skipped: number;
  /** What the browser could not read. */
  unreadable: string[];
}

const litter = new Set(['Thumbs.db', 'desktop.ini', '__MACOSX']);
const isHidden = (name: string): boolean => name.startsWith('.') || litter.has(name);

/** Files and whole folders that were dropped. To be called within the event: afterwards the browser has forgotten them. */
export function droppedFiles(transfer: DataTransfer): Promise<Picked> {
  const picked: Picked = { files: [], skipped: 0, unreadable: [] };
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    else if (file) picked.files.push({ file, name: file.name });
  }
  return walk(entries, '', picked);
}

/** Files or a folder from the browser's own dialog. */
export function pickedFiles(files: Iterable<File>): Picked {
  const picked: Picked = { files: [], skipped: 0, unreadable: [] };
  for (const file of files) {
    const name = file.webkitRelativePath || file.name;
    // A file that was chosen by itself is wanted, whatever it is called.
    if (file.webkitRelativePath && name.split('/').slice(1).some(isHidden)) picked.skipped++;
    else picked.files.push({ file, name });
  }
  return picked;
}

async function walk(entries: FileSystemEntry[], folder: string, picked: Picked): Promise<Picked> {
  for (const entry of entries) {
    const name = folder + entry.name;
    if (folder !== '' && isHidden(entry.name)) picked.skipped++;
    else if (entry.isDirectory) await walk(await childrenOf(entry as FileSystemDirectoryEntry, name, picked), `${name}/`, picked);
    else await read(entry as FileSystemFileEntry, name, picked);
  }
  return picked;
}

async function read(entry: FileSystemFileEntry, name: string, picked: Picked): Promise<void> {
  try {
    picked.files.push({ file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), name });
  } catch {
    picked.unreadable.push(name);
  }
}

/** A folder is read in portions, until an empty one comes. */
async function childrenOf(folder: FileSystemDirectoryEntry, name: string, picked: Picked): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  try {
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return children;
      children.push(...some);
    }
  } catch {
    picked.unreadable.push(name);
    return children;
  }
}

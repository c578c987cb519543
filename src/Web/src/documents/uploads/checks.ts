import type { DocumentSettings } from '../../api/documentWire';
import { sizeInWords } from '../words';

/** Contents that have no text, whatever the server will come to read. */
const withoutText = /^(audio|video|font|model)\/|^application\/(zip|gzip|vnd\.rar|x-7z-compressed|x-tar|x-msdownload|java-archive)$/;

/** Why a file need not be sent at all; null when nothing is known against it. The server has the last word. */
export function refusalOf({ name, size, type }: Pick<File, 'name' | 'size' | 'type'>, settings: DocumentSettings | null): string | null {
  if (size === 0) return 'The file is empty.';
  if (!settings) return null;
  if (size > settings.max_file_bytes) return `The file has ${sizeInWords(size)}. The most is ${sizeInWords(settings.max_file_bytes)}.`;
  const extension = extensionOf(name);
  const isKnown = extension !== null && settings.formats.some(({ extensions }) => extensions.map(withDot).includes(extension));
  // An ending that nobody knows may well be that of a text: the server looks inside.
  return isKnown || !withoutText.test(type) ? null : `Files of the kind “${extension ?? type}” have no text that can be read.`;
}

export function extensionOf(name: string): string | null {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 && dot < base.length - 1 ? base.slice(dot).toLowerCase() : null;
}

const withDot = (extension: string): string => (extension.startsWith('.') ? extension : `.${extension}`).toLowerCase();

/** "report.pdf" as "report (2).pdf", or the next number that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const extension = extensionOf(name) ?? '';
  const stem = name.slice(0, name.length - extension.length);
  for (let number = 2; ; number++) {
    const candidate = `${stem} (${number})${name.slice(stem.length)}`;
    if (!isTaken(candidate)) return candidate;
  }
}

import type { CollectionFile } from '../../api/documentWire';

/** The server keeps the names of files alone: that of its folder goes along as an attribute, which searches can filter by. */
const attribute = 'path';
const longestAttribute = 512;

export const attributesFor = (path: string): Record<string, string> =>
  path.includes('/') && path.length <= longestAttribute ? { [attribute]: path } : {};

/** The name of a document in the collection, with the folders that it came in. */
export function pathOf({ filename, attributes }: CollectionFile): string {
  const path = attributes?.[attribute];
  return typeof path === 'string' && path !== '' ? path : filename;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

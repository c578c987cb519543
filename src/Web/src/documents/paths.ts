import type { FileCitation } from '../api/wire';
import { query } from '../api/query';

export const documentsPath = '/documents';
export const collectionPath = (collectionId: string): string => `${documentsPath}/${collectionId}`;
export const readerPath = (collectionId: string, fileId: string, page = 1): string =>
  `${collectionPath(collectionId)}/${fileId}${page > 1 ? `/${page}` : ''}`;

/** A passage of a document. */
export type Place = Pick<FileCitation, 'vector_store_id' | 'file_id' | 'quote' | 'start' | 'end' | 'page'>;

/** Enough to know a passage again by its words, and not too much for an address. */
const longestQuote = 500;

/** A document at a passage, with what it said when it was cited; null for a document of which nobody knows in which collection it is. */
export function passagePath({ vector_store_id, file_id, quote, start, end, page }: Place): string | null {
  if (!vector_store_id) return null;
  return readerPath(vector_store_id, file_id, page) + query({ start, end, quote: quote?.slice(0, longestQuote) });
}

export const searchPath = (collectionId: string): string => `${collectionPath(collectionId)}/search`;

/** A new chat that asks a collection. */
export const askPath = (collectionId: string): string => `/${query({ documents: collectionId })}`;

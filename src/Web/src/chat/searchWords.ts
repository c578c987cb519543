import type { FileSearchItem } from '../api/wire';
import { count } from '../documents/words';

/** `documents`: how many are searched, as far as anyone knows. */
export function searchInWords({ status, queries, results }: Pick<FileSearchItem, 'status' | 'queries' | 'results'>, documents: number | null): string {
  const asked = queries.map((query) => `“${query}”`).join(', ');
  switch (status) {
    case 'in_progress':
    case 'searching':
      return `Searching ${documents === null ? 'the documents' : count(documents, 'document')}${asked === '' ? '' : ` for ${asked}`}…`;
    case 'failed':
      return asked === '' ? 'The documents could not be searched' : `The documents could not be searched for ${asked}`;
    case 'incomplete':
      return 'The search in the documents was stopped';
    case 'completed': {
      const found = !results ? '' : results.length === 0 ? ': nothing was found' : `: ${count(results.length, 'passage')}`;
      return asked === '' ? `Searched the documents${found}` : `Searched for ${asked}${found}`;
    }
  }
}

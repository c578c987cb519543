import type { Tool } from '../../api/wire';
import { collectionOf, collectionStore } from '../../documents/collections/collectionStore';
import { useStore } from '../../ui/store';
import { collectionsOf } from './choices';

/** How many documents a response can search; null while one of its collections is not known. */
export function useDocumentCount(tools: Tool[] | undefined): number | null {
  return useStore(collectionStore, (all) => {
    const counts = collectionsOf(tools).map((id) => collectionOf(all, id)?.file_counts.completed);
    return counts.length === 0 || counts.includes(undefined) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  });
}

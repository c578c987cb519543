import type { FileSearchTool, Tool } from '../../api/wire';
import { onSignOut } from '../../session/sessionStore';
import { createStore, useStore } from '../../ui/store';
import { transcriptStore } from '../transcriptStore';

/** Which collections a conversation is to ask, by its id ("" for one that has not begun), where that was changed since its last answer: that one's tools say the rest. */
export const choices = createStore<Record<string, readonly string[]>>({});
onSignOut(() => choices.set({}));

const none: readonly string[] = [];

const searchOf = (tools: Tool[] | null | undefined) => tools?.find((tool) => tool.type === 'file_search');

/** The collections that a response could search. */
export const collectionsOf = (tools: Tool[] | null | undefined): readonly string[] => searchOf(tools)?.vector_store_ids ?? none;

export const chosenIn = (key: string): readonly string[] => choices.get()[key] ?? collectionsOf(transcriptStore.get()[key]?.outcome?.tools);

export function useChosen(key: string): readonly string[] {
  const choice = useStore(choices, (all) => all[key]);
  const used = useStore(transcriptStore, (all) => collectionsOf(all[key]?.outcome?.tools));
  return choice ?? used;
}

export const choose = (key: string, ids: readonly string[]): void => choices.set((all) => ({ ...all, [key]: ids }));

export function addChoice(key: string, id: string): void {
  const chosen = chosenIn(key);
  if (!chosen.includes(id)) choose(key, [...chosen, id]);
}

export const removeChoice = (key: string, id: string): void => choose(key, chosenIn(key).filter((other) => other !== id));

/** A conversation has begun: what was chosen for it goes along. */
export function moveChoice(from: string, to: string): void {
  choices.set(({ [from]: choice, ...others }) => (choice ? { ...others, [to]: choice } : others));
}

/** It has been used: from now on the response says it, also to other tabs. */
export const forgetChoice = (key: string): void => choices.set(({ [key]: _used, ...others }) => others);

/** What is sent along with a question. How to search the page has no say in: it stays as the program that asked before wanted it. */
export function searchFor(key: string): { tools?: FileSearchTool[]; include?: string[] } {
  const ids = [...chosenIn(key)];
  if (ids.length === 0) return {};
  const { filters, max_num_results, ranking_options } = searchOf(transcriptStore.get()[key]?.outcome?.tools) ?? {};
  return { tools: [{ type: 'file_search', vector_store_ids: ids, filters, max_num_results, ranking_options }], include: ['file_search_call.results'] };
}

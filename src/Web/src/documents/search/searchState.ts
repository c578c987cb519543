import type { AttributeFilter, AttributeValue, Comparison, Operator, SearchRequest } from '../../api/documentWire';

/** A condition on an attribute, as it is written. */
export interface Condition {
  key: string;
  operator: Operator;
  value: string;
}

/** What is looked for, and how. All of it is in the address, so that a search can be shared and gone back to. */
export interface Search {
  question: string;
  results: number;
  /** Below it hits are left out, from 0 to 1. */
  threshold: number;
  /** How much the meaning counts against the words, from 0 to 1; null: what suits the collection. */
  meaning: number | null;
  rewrite: boolean;
  rerank: boolean;
  conditions: Condition[];
  /** Whether all conditions are to be met, or any of them. */
  match: 'and' | 'or';
}

export const operators: Record<Operator, string> = {
  eq: 'is', ne: 'is not', gt: 'is greater than', gte: 'is at least', lt: 'is less than', lte: 'is at most', in: 'is one of', nin: 'is none of',
};

export const noSearch: Search = { question: '', results: 10, threshold: 0, meaning: null, rewrite: false, rerank: true, conditions: [], match: 'and' };

export function toQuery(search: Search): string {
  const parameters = new URLSearchParams();
  const put = (name: string, value: unknown, usual: unknown) => value !== usual && parameters.set(name, String(value));
  put('q', search.question, '');
  put('n', search.results, noSearch.results);
  put('min', search.threshold, 0);
  put('meaning', search.meaning, null);
  put('rewrite', search.rewrite, false);
  put('rerank', search.rerank, true);
  for (const { key, operator, value } of search.conditions) parameters.append('where', JSON.stringify([key, operator, value]));
  if (search.conditions.length > 1) put('match', search.match, 'and');
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** Whatever an address says that makes no sense is left out. */
export function fromQuery(query: string): Search {
  const parameters = new URLSearchParams(query);
  const number = (name: string, least: number, most: number, usual: number | null) => {
    const value = Number(parameters.get(name) ?? NaN);
    return value >= least && value <= most ? value : usual;
  };
  return {
    question: parameters.get('q') ?? '',
    results: Math.round(number('n', 1, 50, noSearch.results)!),
    threshold: number('min', 0, 1, 0)!,
    meaning: number('meaning', 0, 1, null),
    rewrite: parameters.get('rewrite') === 'true',
    rerank: parameters.get('rerank') !== 'false',
    conditions: parameters.getAll('where').map(conditionFrom).filter((condition) => condition !== null),
    match: parameters.get('match') === 'or' ? 'or' : 'and',
  };
}

function conditionFrom(text: string): Condition | null {
  try {
    const [key, operator, value] = JSON.parse(text) as unknown[];
    return typeof key === 'string' && typeof value === 'string' && Object.hasOwn(operators, String(operator)) ? { key, operator: operator as Operator, value } : null;
  } catch {
    return null;
  }
}

export function toRequest({ question, results, threshold, meaning, rewrite, rerank, conditions, match }: Search): SearchRequest {
  const filters = filterOf(conditions, match);
  const ranking = {
    ...(rerank ? {} : { ranker: 'none' as const }),
    ...(threshold > 0 ? { score_threshold: threshold } : {}),
    ...(meaning === null ? {} : { hybrid_search: { embedding_weight: meaning, text_weight: Number((1 - meaning).toFixed(4)) } }),
  };
  return {
    query: question.trim(),
    max_num_results: results,
    explain: true,
    ...(rewrite ? { rewrite_query: true } : {}),
    ...(filters ? { filters } : {}),
    ...(Object.keys(ranking).length > 0 ? { ranking_options: ranking } : {}),
  };
}

function filterOf(conditions: Condition[], match: 'and' | 'or'): AttributeFilter | null {
  const filters = conditions.filter(({ key }) => key.trim() !== '').map(comparisonOf);
  return filters.length > 1 ? { type: match, filters } : (filters[0] ?? null);
}

function comparisonOf({ key, operator, value }: Condition): Comparison {
  const isList = operator === 'in' || operator === 'nin';
  return { type: operator, key: key.trim(), value: isList ? value.split(',').map(valueOf) : valueOf(value) };
}

/** 12 is a number and true a truth value; in quotation marks they are text, as everything else is. */
export function valueOf(written: string): AttributeValue {
  const text = written.trim();
  const quoted = /^"(.*)"$/s.exec(text);
  if (quoted) return quoted[1]!;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

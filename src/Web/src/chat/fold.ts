import { isTerminal, type Annotation, type ContentPart, type FileSearchItem, type Item, type ModelResponse, type ResponseEvent, type ResponseStatus, type Tool } from '../api/wire';

/** What is known of a response while its events arrive. */
export interface Answer {
  responseId: string | null;
  status: ResponseStatus;
  items: Item[];
  error: string | null;
  incompleteReason: string | null;
  truncatedTurns: number;
  /** What the response may use, as far as it has been told. */
  tools: Tool[];
}

export const noAnswer: Answer = {
  responseId: null,
  status: 'queued',
  items: [],
  error: null,
  incompleteReason: null,
  truncatedTurns: 0,
  tools: [],
};

const searchEvent = 'response.file_search_call.';

export const foldEvents = (answer: Answer, events: ResponseEvent[]): Answer => events.reduce(foldEvent, answer);

/** Takes over a whole response object, as sent by the first and last events, and when it is cancelled. */
export function foldResponse(answer: Answer, response: ModelResponse): Answer {
  const output = response.output ?? [];
  return {
    responseId: response.id,
    status: response.status,
    // A failed or still running response may come without the text that was already shown.
    items: output.length > 0 ? output : answer.items,
    error: response.error?.message ?? (response.status === 'failed' ? 'The model failed to answer.' : null),
    incompleteReason: response.incomplete_details?.reason ?? null,
    truncatedTurns: response.truncated_turns ?? answer.truncatedTurns,
    tools: response.tools ?? answer.tools,
  };
}

function foldEvent(answer: Answer, event: ResponseEvent): Answer {
  switch (event.type) {
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return event.response ? foldResponse(answer, event.response) : answer;
    case 'response.output_item.added':
    case 'response.output_item.done':
      return event.item ? placeItem(answer, event.output_index ?? answer.items.length, event.item) : answer;
    case 'response.content_part.added':
    case 'response.content_part.done':
      return event.part ? updatePart(answer, event, 'content', () => event.part!) : answer;
    case 'response.output_text.delta':
      return updatePart(answer, event, 'content', (part) => ({ ...part, type: 'output_text', text: (part?.text ?? '') + (event.delta ?? '') }));
    case 'response.output_text.done':
      return updatePart(answer, event, 'content', (part) => ({ ...part, type: 'output_text', text: event.text ?? part?.text ?? '' }));
    case 'response.output_text.annotation.added':
      return event.annotation ? updatePart(answer, event, 'content', (part) => withAnnotation(part, event.annotation_index, event.annotation!)) : answer;
    case 'response.file_search_call.in_progress':
    case 'response.file_search_call.searching':
    case 'response.file_search_call.completed':
      return updateItem(answer, event, (item) => (item.type === 'file_search_call' ? { ...item, status: event.type.slice(searchEvent.length) as FileSearchItem['status'] } : item));
    case 'response.refusal.delta':
      return updatePart(answer, event, 'content', (part) => ({ type: 'refusal', refusal: (part?.refusal ?? '') + (event.delta ?? '') }));
    case 'response.refusal.done':
      return updatePart(answer, event, 'content', (part) => ({ type: 'refusal', refusal: event.refusal ?? part?.refusal ?? '' }));
    case 'response.reasoning_text.delta':
      return updatePart(answer, event, 'content', (part) => ({ type: 'reasoning_text', text: (part?.text ?? '') + (event.delta ?? '') }));
    case 'response.reasoning_summary_text.delta':
      return updatePart(answer, event, 'summary', (part) => ({ type: 'summary_text', text: (part?.text ?? '') + (event.delta ?? '') }));
    case 'response.function_call_arguments.delta':
      return updateItem(answer, event, (item) =>
        item.type === 'function_call' ? { ...item, arguments: item.arguments + (event.delta ?? '') } : item,
      );
    default:
      return answer; // Kinds of events this page does not show, or does not know yet.
  }
}

function placeItem(answer: Answer, index: number, item: Item): Answer {
  const items = [...answer.items];
  while (items.length < index) items.push({ type: 'other', id: `gap_${items.length}` });
  items[index] = item;
  return { ...answer, items };
}

function updateItem(answer: Answer, event: ResponseEvent, change: (item: Item) => Item): Answer {
  const byId = answer.items.findIndex((item) => item.id === event.item_id);
  const index = byId >= 0 ? byId : (event.output_index ?? -1);
  const item = answer.items[index];
  return item ? placeItem(answer, index, change(item)) : answer;
}

function updatePart(
  answer: Answer,
  event: ResponseEvent,
  list: 'content' | 'summary',
  change: (part: ContentPart | undefined) => ContentPart,
): Answer {
  const index = (list === 'summary' ? event.summary_index : event.content_index) ?? 0;
  return updateItem(answer, event, (item) => {
    if (item.type === 'message' && list === 'content') return { ...item, content: withPart(item.content, index, change) };
    if (item.type !== 'reasoning') return item;
    return list === 'summary'
      ? { ...item, summary: withPart(item.summary, index, change) }
      : { ...item, content: withPart(item.content, index, change) };
  });
}

function withPart(parts: ContentPart[] | undefined, index: number, change: (part: ContentPart | undefined) => ContentPart): ContentPart[] {
  const changed = [...(parts ?? [])];
  while (changed.length < index) changed.push({ type: 'output_text', text: '' });
  changed[index] = change(changed[index]);
  return changed;
}

function withAnnotation(part: ContentPart | undefined, index: number | undefined, annotation: Annotation): ContentPart {
  const annotations = [...(part?.annotations ?? [])];
  while (annotations.length < (index ?? 0)) annotations.push({ type: 'other' });
  annotations[index ?? annotations.length] = annotation;
  return { type: 'output_text', text: '', ...part, annotations };
}

export const isFinished = (answer: Answer): boolean => isTerminal(answer.status);

/** Why a finished answer is shorter than it could be, in words for the reader. */
export function shortfall(answer: Answer): string | null {
  if (answer.status === 'cancelled' || answer.incompleteReason === 'cancelled') return 'You stopped this answer.';
  if (answer.status !== 'incomplete') return null;
  if (answer.incompleteReason === 'max_output_tokens') return "The answer was cut off: it reached the model's output limit.";
  if (answer.incompleteReason === 'content_filter') return "The answer was cut off by the model's content filter.";
  return 'The answer is incomplete.';
}

/** The shapes the server sends, in its own snake_case. Only what the page reads is listed. */

export interface ListPage<T> {
  data: T[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

export interface Session {
  user: { id: string; email: string; name: string | null; role: string };
  workspace: { id: string; name: string };
  csrf_token: string;
  password_set: boolean;
}

export interface Model {
  id: string;
  created: number;
  owned_by: string;
}

export interface Conversation {
  id: string;
  title: string | null;
  created_at: number;
  updated_at: number;
}

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** A quote from a document that stands behind an answer. Other kinds of annotations are ignored. */
export interface FileCitation {
  type: 'file_citation';
  file_id: string;
  filename: string;
  /** Where it stands in the text of its part, in UTF-16 units. */
  index: number;
  vector_store_id?: string;
  /** The document's own letters, from `start` to `end` of its text. */
  quote?: string;
  start?: number;
  end?: number;
  page?: number;
}

export type Annotation = FileCitation | { type: 'other' };

export interface ContentPart {
  type: string;
  text?: string;
  refusal?: string;
  annotations?: Annotation[];
}

export interface MessageItem {
  type: 'message';
  id: string;
  role: string;
  status?: ItemStatus;
  content: ContentPart[];
}

export interface ReasoningItem {
  type: 'reasoning';
  id: string;
  status?: ItemStatus;
  summary: ContentPart[];
  content?: ContentPart[];
}

export interface FunctionCallItem {
  type: 'function_call';
  id: string;
  name: string;
  arguments: string;
  status?: ItemStatus;
}

/** A passage that a search has found. */
export interface SearchResult {
  file_id: string;
  filename: string;
  score: number;
  text: string;
  vector_store_id?: string;
  start?: number;
  end?: number;
  page?: number;
}

export interface FileSearchItem {
  type: 'file_search_call';
  id: string;
  status: 'in_progress' | 'searching' | 'completed' | 'incomplete' | 'failed';
  queries: string[];
  /** Only where it was asked for. */
  results?: SearchResult[] | null;
}

/** An item of a kind this page does not show (yet). */
export interface OtherItem {
  type: 'other';
  id: string;
}

export type Item = MessageItem | ReasoningItem | FunctionCallItem | FileSearchItem | OtherItem;

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface FileSearchTool {
  type: 'file_search';
  vector_store_ids: string[];
  filters?: object | null | undefined;
  max_num_results?: number | undefined;
  ranking_options?: object | null | undefined;
}

export type Tool = FileSearchTool | { type: 'other' };

export interface ModelResponse {
  id: string;
  status: ResponseStatus;
  output: Item[];
  error?: { code: string; message: string } | null;
  incomplete_details?: { reason?: string } | null;
  truncated_turns?: number | null;
  tools?: Tool[];
}

/** A response without what it said. */
export type Outcome = Pick<ModelResponse, 'id' | 'status' | 'error' | 'incomplete_details' | 'tools'>;

/** A conversation by itself, with the outcome of its latest response. */
export interface OpenedConversation extends Conversation {
  latest_response?: Outcome | null;
}

/** What happened to a response. Fields depend on the type; unknown types are ignored by the fold. */
export interface ResponseEvent {
  type: string;
  response?: ModelResponse;
  item?: Item;
  item_id?: string;
  output_index?: number;
  content_index?: number;
  summary_index?: number;
  part?: ContentPart;
  annotation?: Annotation | null;
  annotation_index?: number;
  delta?: string;
  text?: string;
  refusal?: string;
  arguments?: string;
  code?: string | null;
  message?: string;
}

/** One event of a response's stream. */
export interface StreamEvent extends ResponseEvent {
  /** Counts the events of a response, the same on every connection. */
  sequence_number: number;
}

export const isTerminal = (status: ResponseStatus): boolean => status !== 'queued' && status !== 'in_progress';

/** The shapes of documents, in the server's own snake_case. Only what the page reads is listed. */

/** What the server reads, and how much of it. */
export interface DocumentSettings {
  max_file_bytes: number;
  formats: { name: string; extensions: string[] }[];
}

export interface FileCounts {
  in_progress: number;
  completed: number;
  failed: number;
  cancelled: number;
  total: number;
}

/** A vector store: the page calls it a collection. */
export interface Collection {
  id: string;
  name: string;
  created_at: number;
  status: 'expired' | 'in_progress' | 'completed';
  usage_bytes: number;
  file_counts: FileCounts;
  embedding_model: string;
  dimensions?: number | null;
  /** Whose vectors are kept, for the way back. */
  previous_embedding_model?: string | null;
  reembedding?: ModelChange | null;
}

/** The latest change of a collection to another embedding model: so many of its passages have their new vector. */
export interface ModelChange {
  status: 'in_progress' | 'completed' | 'failed' | 'cancelled';
  embedding_model: string;
  completed: number;
  /** 0 until they have been counted. */
  total: number;
  last_error?: string | null;
}

export type DocumentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';
export type IngestionStep = 'extract' | 'chunk' | 'embed' | 'index' | 'switch';

/** A file in a collection, and how far its ingestion has come. Its id is the file's. */
export interface CollectionFile {
  id: string;
  vector_store_id: string;
  filename: string;
  bytes: number;
  created_at: number;
  status: DocumentStatus;
  step?: IngestionStep | null;
  /** Over all steps, from 0 to 1. */
  progress: number;
  attempts: number;
  /** Unix seconds, while it waits for another attempt. */
  next_retry_at?: number | null;
  chunk_count: number;
  page_count?: number | null;
  last_error: { code: string; message: string } | null;
  replaces?: string | null;
  attributes?: Record<string, string | number | boolean> | null;
}

export interface UploadedFile {
  id: string;
  filename: string;
  bytes: number;
}

export type BlockKind = 'heading' | 'paragraph' | 'list_item' | 'table_header' | 'table_row' | 'code' | 'note';

export interface TextBlock {
  kind: BlockKind;
  text: string;
  level?: number | null;
  /** Where it begins in the text of the whole document, in UTF-16 units. */
  start: number;
}

/** A page of a document, or a part of one that is long. */
export interface DocumentPage {
  /** The number that the document itself gives it. */
  page: number;
  label?: string | null;
  blocks: TextBlock[];
}

/** Some pages of a document that has `pages`. The last may go on in the next answer: then `next_page` says from which block on ("3.120"). */
export interface DocumentText {
  pages: number;
  data: DocumentPage[];
  has_more: boolean;
  next_page: string | null;
}

export type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
export type AttributeValue = string | number | boolean;
export type Comparison = { type: Operator; key: string; value: AttributeValue | AttributeValue[] };
export type AttributeFilter = Comparison | { type: 'and' | 'or'; filters: AttributeFilter[] };

export interface SearchRequest {
  query: string;
  max_num_results: number;
  rewrite_query?: boolean;
  filters?: AttributeFilter;
  ranking_options?: { ranker?: 'none'; score_threshold?: number; hybrid_search?: { embedding_weight: number; text_weight: number } };
  explain: boolean;
  page?: string;
}

/** Why a passage was found. Ranks count from 1; what is missing did not find it. */
export interface Explanation {
  query: string;
  text_rank?: number | null;
  text_score?: number | null;
  /** The words that were found, as they stand in the index, with what each added. */
  terms: Record<string, number>;
  embedding_rank?: number | null;
  similarity?: number | null;
  rerank_score?: number | null;
}

export interface Hit {
  file_id: string;
  filename: string;
  score: number;
  attributes: Record<string, AttributeValue> | null;
  content: { type: string; text: string }[];
  start: number;
  end: number;
  page: number;
  headings: string[];
  explanation?: Explanation | null;
}

export interface SearchResults {
  /** What was asked in the end. */
  search_query: string[];
  data: Hit[];
  has_more: boolean;
  next_page: string | null;
  warning?: string | null;
}

export type CollectionEvent =
  | { type: 'snapshot'; files: CollectionFile[]; total: number }
  | { type: 'file'; file: CollectionFile }
  | { type: 'deleted'; file_id: string };

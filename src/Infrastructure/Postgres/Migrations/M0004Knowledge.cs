using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>Files, uploads, vector stores, and what ingestion makes of them. Tables of vectors, one for each number of dimensions, are made when first needed.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0004_knowledge")]
internal sealed class M0004Knowledge : SqlMigration
{
    protected override string Sql => """
        CREATE EXTENSION IF NOT EXISTS vector;
        CREATE SCHEMA knowledge;

        CREATE TABLE knowledge.files (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            filename text NOT NULL,
            purpose text NOT NULL,
            status text NOT NULL,
            bytes bigint NOT NULL,
            hash bytea,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            UNIQUE (workspace_id, id)
        );
        CREATE INDEX files_by_time ON knowledge.files (workspace_id, created_at DESC, id DESC);
        CREATE INDEX files_to_clear ON knowledge.files (created_at) WHERE status <> 'ready';
        CREATE INDEX files_by_expiry ON knowledge.files (expires_at) WHERE expires_at IS NOT NULL;

        CREATE TABLE knowledge.file_texts (
            file_id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            parser_version integer NOT NULL,
            pages integer NOT NULL,
            characters integer NOT NULL,
            payload bytea NOT NULL,
            FOREIGN KEY (workspace_id, file_id) REFERENCES knowledge.files (workspace_id, id) ON DELETE CASCADE
        );
        -- Compressed already.
        ALTER TABLE knowledge.file_texts ALTER COLUMN payload SET STORAGE EXTERNAL;

        CREATE TABLE knowledge.uploads (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            filename text NOT NULL,
            purpose text NOT NULL,
            mime_type text NOT NULL,
            bytes bigint NOT NULL,
            status text NOT NULL,
            file_expires_after interval,
            file_id uuid,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            UNIQUE (workspace_id, id)
        );
        CREATE INDEX uploads_by_expiry ON knowledge.uploads (expires_at);

        CREATE TABLE knowledge.upload_parts (
            id uuid PRIMARY KEY,
            upload_id uuid NOT NULL,
            workspace_id uuid NOT NULL,
            bytes bigint,
            created_at timestamptz NOT NULL,
            FOREIGN KEY (workspace_id, upload_id) REFERENCES knowledge.uploads (workspace_id, id)
        );
        CREATE INDEX upload_parts_by_upload ON knowledge.upload_parts (upload_id);

        CREATE TABLE knowledge.vector_stores (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name text NOT NULL,
            description text,
            metadata json NOT NULL,
            embedding_model text NOT NULL,
            dimensions integer,
            expires_after_days integer,
            created_at timestamptz NOT NULL,
            last_active_at timestamptz NOT NULL,
            deleted_at timestamptz,
            UNIQUE (workspace_id, id)
        );
        CREATE INDEX vector_stores_listed ON knowledge.vector_stores (workspace_id, id) WHERE deleted_at IS NULL;
        CREATE INDEX vector_stores_to_clear ON knowledge.vector_stores (deleted_at) WHERE deleted_at IS NOT NULL;

        CREATE TABLE knowledge.file_batches (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            cancelled_at timestamptz,
            FOREIGN KEY (workspace_id, vector_store_id) REFERENCES knowledge.vector_stores (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX file_batches_by_store ON knowledge.file_batches (vector_store_id);

        -- Workers write it often: narrow rows, and progress in no index.
        CREATE TABLE knowledge.vector_store_files (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            file_id uuid NOT NULL,
            batch_id uuid,
            attributes jsonb NOT NULL,
            max_chunk_tokens integer NOT NULL,
            chunk_overlap_tokens integer NOT NULL,
            status text NOT NULL,
            step text NOT NULL,
            progress double precision NOT NULL,
            attempts integer NOT NULL,
            next_retry_at timestamptz,
            error_code text,
            error_message text,
            owner text,
            lease_until timestamptz,
            epoch integer NOT NULL,
            -- Begun in a row without an end that anybody saw: the process died.
            crashes integer NOT NULL DEFAULT 0,
            chunk_count integer NOT NULL,
            usage_bytes bigint NOT NULL,
            replaces_file_id uuid,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT vector_store_files_once UNIQUE (vector_store_id, file_id),
            FOREIGN KEY (workspace_id, vector_store_id) REFERENCES knowledge.vector_stores (workspace_id, id) ON DELETE CASCADE,
            FOREIGN KEY (workspace_id, file_id) REFERENCES knowledge.files (workspace_id, id) ON DELETE CASCADE
        ) WITH (fillfactor = 70);
        CREATE INDEX vector_store_files_listed ON knowledge.vector_store_files (vector_store_id, id);
        CREATE INDEX vector_store_files_by_file ON knowledge.vector_store_files (file_id);
        CREATE INDEX vector_store_files_by_batch ON knowledge.vector_store_files (batch_id) WHERE batch_id IS NOT NULL;
        -- The queue, and who has something of it in hand.
        CREATE INDEX vector_store_files_to_do ON knowledge.vector_store_files (workspace_id, created_at, id) WHERE status = 'in_progress';
        CREATE INDEX vector_store_files_owned ON knowledge.vector_store_files (workspace_id) WHERE owner IS NOT NULL;

        -- When a workspace last had its turn: of those with equally many files in hand, the one that has waited longest is next.
        CREATE TABLE knowledge.ingestion_turns (
            workspace_id uuid NOT NULL PRIMARY KEY,
            taken_at timestamptz NOT NULL
        );

        -- What a worker writes begins with this: it locks the row and prolongs the lease, or ends the transaction of one that does not hold the file any more.
        CREATE FUNCTION knowledge.hold(file uuid, its_epoch integer, its_progress double precision DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE knowledge.vector_store_files f SET lease_until = clock_timestamp() + interval '15 seconds',
                progress = COALESCE(its_progress, f.progress),
                crashes = CASE WHEN its_progress IS NULL THEN f.crashes ELSE 0 END,
                attempts = CASE WHEN its_progress IS NULL THEN f.attempts ELSE 1 END,
                updated_at = CASE WHEN its_progress IS NULL THEN f.updated_at ELSE clock_timestamp() END
            WHERE f.id = file AND f.epoch = its_epoch AND f.status = 'in_progress';
            IF NOT FOUND THEN RAISE EXCEPTION 'The file is in other hands.' USING ERRCODE = 'ING01'; END IF;
        END $$;

        CREATE TABLE knowledge.chunks (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            vector_store_file_id uuid NOT NULL REFERENCES knowledge.vector_store_files (id) ON DELETE CASCADE,
            ordinal integer NOT NULL,
            content text NOT NULL,
            headings text[] NOT NULL,
            first_page integer NOT NULL,
            last_page integer NOT NULL,
            -- UTF-16 units of the file's text, from its beginning; the end is the first that does not belong to it.
            start_offset integer NOT NULL,
            end_offset integer NOT NULL,
            tokens integer NOT NULL,
            -- Of what is embedded: equal ones of a workspace are embedded once.
            embedding_hash bytea NOT NULL,
            CONSTRAINT chunks_once UNIQUE (vector_store_file_id, ordinal)
        );
        CREATE INDEX chunks_by_hash ON knowledge.chunks (workspace_id, embedding_hash);

        -- Vectors on their way from the model into an index.
        CREATE TABLE knowledge.chunk_embeddings (
            chunk_id bigint PRIMARY KEY REFERENCES knowledge.chunks (id) ON DELETE CASCADE,
            workspace_id uuid NOT NULL,
            vector_store_file_id uuid NOT NULL,
            embedding halfvec NOT NULL
        );
        CREATE INDEX chunk_embeddings_by_file ON knowledge.chunk_embeddings (vector_store_file_id);
        """;
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>The index of words. Files that were ingested before are indexed in the background, found by their vectors meanwhile.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0005_lexical")]
internal sealed class M0005Lexical : SqlMigration
{
    protected override string Sql => """
        -- The chunk's words in their order, as numbers.
        ALTER TABLE knowledge.chunks ADD COLUMN terms bytea;
        ALTER TABLE knowledge.chunks ALTER COLUMN terms SET STORAGE EXTERNAL;

        -- By which version of the analysis the file is in the index of words; null: not at all.
        ALTER TABLE knowledge.vector_store_files ADD COLUMN lexical_version integer;
        CREATE INDEX vector_store_files_without_words ON knowledge.vector_store_files (id) WHERE status = 'completed' AND lexical_version IS NULL;

        -- Written once, and replaced by larger ones. Together they are the index of a store.
        CREATE TABLE knowledge.lexical_segments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            -- Of the file whose words these are; null when they are of many.
            vector_store_file_id uuid REFERENCES knowledge.vector_store_files (id) ON DELETE CASCADE,
            chunks integer NOT NULL,
            length bigint NOT NULL,
            languages text[] NOT NULL,
            header bytea NOT NULL,
            first_block bytea NOT NULL,
            FOREIGN KEY (workspace_id, vector_store_id) REFERENCES knowledge.vector_stores (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX lexical_segments_by_store ON knowledge.lexical_segments (vector_store_id);
        CREATE INDEX lexical_segments_by_file ON knowledge.lexical_segments (vector_store_file_id) WHERE vector_store_file_id IS NOT NULL;

        CREATE TABLE knowledge.lexical_blocks (
            segment_id bigint NOT NULL REFERENCES knowledge.lexical_segments (id) ON DELETE CASCADE,
            ordinal integer NOT NULL,
            workspace_id uuid NOT NULL,
            payload bytea NOT NULL,
            PRIMARY KEY (segment_id, ordinal)
        );

        -- None of these gets smaller by compression.
        ALTER TABLE knowledge.lexical_segments ALTER COLUMN header SET STORAGE EXTERNAL, ALTER COLUMN first_block SET STORAGE EXTERNAL;
        ALTER TABLE knowledge.lexical_blocks ALTER COLUMN payload SET STORAGE EXTERNAL;

        -- Files that are gone, while segments may still tell of them.
        CREATE TABLE knowledge.lexical_garbage (
            vector_store_file_id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            chunks integer NOT NULL,
            FOREIGN KEY (workspace_id, vector_store_id) REFERENCES knowledge.vector_stores (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX lexical_garbage_by_store ON knowledge.lexical_garbage (vector_store_id);

        CREATE FUNCTION knowledge.note_lexical_garbage() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO knowledge.lexical_garbage (vector_store_file_id, workspace_id, vector_store_id, chunks)
            SELECT gone.id, gone.workspace_id, gone.vector_store_id, gone.chunk_count
            FROM gone JOIN knowledge.vector_stores s ON s.id = gone.vector_store_id AND s.deleted_at IS NULL
            WHERE gone.status = 'completed'
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note_lexical_garbage AFTER DELETE ON knowledge.vector_store_files REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION knowledge.note_lexical_garbage();
        """;
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>Generations of vectors: a store can change to another model while it is searched by the vectors it has.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0008_reembedding")]
internal sealed class M0008Reembedding : SqlMigration
{
    protected override string Sql => """
        ALTER TABLE knowledge.vector_stores
            ADD COLUMN generation integer NOT NULL DEFAULT 1,
            ADD COLUMN last_generation integer NOT NULL DEFAULT 1,
            ADD COLUMN previous_generation integer,
            ADD COLUMN previous_embedding_model text,
            ADD COLUMN previous_dimensions integer,
            ADD COLUMN previous_until timestamptz;
        CREATE INDEX vector_stores_with_previous ON knowledge.vector_stores (previous_until) WHERE previous_until IS NOT NULL;

        CREATE TABLE knowledge.reembeddings (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            vector_store_id uuid NOT NULL,
            generation integer NOT NULL,
            embedding_model text NOT NULL,
            dimensions integer,
            status text NOT NULL,
            done integer NOT NULL,
            total integer NOT NULL,
            attempts integer NOT NULL,
            next_retry_at timestamptz,
            error_message text,
            owner text,
            lease_until timestamptz,
            epoch integer NOT NULL,
            -- Of one that was cancelled: its vectors are among those to be cleared away.
            buried boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            FOREIGN KEY (workspace_id, vector_store_id) REFERENCES knowledge.vector_stores (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX reembeddings_by_store ON knowledge.reembeddings (vector_store_id, id);
        CREATE UNIQUE INDEX reembeddings_once ON knowledge.reembeddings (vector_store_id) WHERE status = 'in_progress';

        CREATE INDEX reembeddings_to_bury ON knowledge.reembeddings (vector_store_id) WHERE status = 'cancelled' AND NOT buried;

        -- Vectors that nobody goes back to: they are cleared away in slices.
        CREATE TABLE knowledge.dead_generations (
            vector_store_id uuid NOT NULL REFERENCES knowledge.vector_stores (id) ON DELETE CASCADE,
            workspace_id uuid NOT NULL,
            generation integer NOT NULL,
            dimensions integer NOT NULL,
            PRIMARY KEY (vector_store_id, generation)
        );

        DO $$
        DECLARE vectors record;
        BEGIN
            FOR vectors IN
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'knowledge' AND c.relkind = 'p' AND c.relname LIKE 'vectors\_%'
            LOOP
                EXECUTE format('ALTER TABLE knowledge.%I ADD COLUMN generation integer NOT NULL DEFAULT 1', vectors.relname);
                EXECUTE format('ALTER TABLE knowledge.%I DROP CONSTRAINT %I', vectors.relname, vectors.relname || '_pkey');
                EXECUTE format('ALTER TABLE knowledge.%I ADD PRIMARY KEY (vector_store_id, generation, chunk_id)', vectors.relname);
            END LOOP;
        END $$;
        """;
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>Evaluations of vector stores, and what each question found. They outlive the store: no key refers to it.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0007_evaluations")]
internal sealed class M0007Evaluations : SqlMigration
{
    protected override string Sql => """
        CREATE TABLE knowledge.evaluations (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name text NOT NULL,
            vector_store_id uuid NOT NULL,
            vector_store_name text NOT NULL,
            embedding_model text NOT NULL,
            settings json NOT NULL,
            status text NOT NULL,
            questions integer NOT NULL,
            asked integer NOT NULL,
            epoch integer NOT NULL,
            attempts integer NOT NULL,
            owner text,
            error_code text,
            error_message text,
            metrics json,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            started_at timestamptz,
            ended_at timestamptz,
            UNIQUE (workspace_id, id)
        ) WITH (fillfactor = 70);
        CREATE INDEX evaluations_unfinished ON knowledge.evaluations (id) WHERE status IN ('queued', 'in_progress');

        CREATE TABLE knowledge.evaluation_questions (
            evaluation_id uuid NOT NULL,
            ordinal integer NOT NULL,
            workspace_id uuid NOT NULL,
            question_id text NOT NULL,
            is_named boolean NOT NULL,
            query text NOT NULL,
            relevant json NOT NULL,
            found_at integer[],
            relevant_at integer[],
            hit_count integer,
            latency_ms double precision,
            hits json,
            PRIMARY KEY (evaluation_id, ordinal),
            FOREIGN KEY (workspace_id, evaluation_id) REFERENCES knowledge.evaluations (workspace_id, id) ON DELETE CASCADE
        ) WITH (fillfactor = 60);
        -- What is left to ask.
        CREATE INDEX evaluation_questions_to_ask ON knowledge.evaluation_questions (evaluation_id, ordinal) WHERE found_at IS NULL;
        """;
}

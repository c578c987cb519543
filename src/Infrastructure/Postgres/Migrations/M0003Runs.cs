using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>Durable runs: who generates a response, what has been generated, and the log that stays.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0003_runs")]
internal sealed class M0003Runs : SqlMigration
{
    protected override string Sql => """
        ALTER TABLE chat.responses
            ADD COLUMN is_background boolean NOT NULL DEFAULT false,
            ADD COLUMN request json,
            ADD COLUMN interruptions integer NOT NULL DEFAULT 0,
            -- Owners and leases live in chat.runs now. An instance of the version before, still running beside us, takes none of ours for dead.
            ALTER COLUMN epoch SET DEFAULT 1,
            ALTER COLUMN lease_until SET DEFAULT 'infinity';

        DROP INDEX chat.responses_one_active_per_conversation;
        CREATE UNIQUE INDEX responses_one_active_per_conversation ON chat.responses (conversation_id) WHERE status IN ('queued', 'in_progress');

        -- Narrow, and in no index but its key's, because every append writes it: it changes in place.
        CREATE TABLE chat.runs (
            response_id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            epoch integer NOT NULL,
            lease_until timestamptz NOT NULL DEFAULT now() + interval '4 seconds',
            last_sequence bigint NOT NULL,
            watched_until timestamptz,
            -- Interruptions in a row that brought nothing new, and where the last one was.
            stalls integer NOT NULL DEFAULT 0,
            interrupted_at bigint NOT NULL DEFAULT -1,
            FOREIGN KEY (workspace_id, response_id) REFERENCES chat.responses (workspace_id, id) ON DELETE CASCADE
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

        -- Ends a transaction whose writer does not hold the run: nothing it wrote happens.
        CREATE FUNCTION chat.require_run(held boolean) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT held THEN RAISE EXCEPTION 'The run is in other hands.' USING ERRCODE = 'RUN01'; END IF;
        END $$;

        -- No foreign key: it would cost a look-up and a lock with every append. The transaction that ends a run deletes its events.
        CREATE TABLE chat.run_events (
            response_id uuid NOT NULL,
            first_sequence bigint NOT NULL,
            last_sequence bigint NOT NULL,
            workspace_id uuid NOT NULL,
            payload bytea NOT NULL,
            PRIMARY KEY (response_id, first_sequence)
        );

        CREATE TABLE chat.response_logs (
            response_id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            last_sequence bigint NOT NULL,
            payload bytea NOT NULL,
            FOREIGN KEY (workspace_id, response_id) REFERENCES chat.responses (workspace_id, id) ON DELETE CASCADE
        );
        -- Compressed already.
        ALTER TABLE chat.response_logs ALTER COLUMN payload SET STORAGE EXTERNAL;

        CREATE TABLE chat.idempotency_keys (
            workspace_id uuid NOT NULL,
            endpoint text NOT NULL,
            key text NOT NULL,
            body_hash bytea NOT NULL,
            response_id uuid NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT idempotency_keys_pkey PRIMARY KEY (workspace_id, endpoint, key),
            FOREIGN KEY (workspace_id, response_id) REFERENCES chat.responses (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX idempotency_keys_by_response ON chat.idempotency_keys (response_id);
        CREATE INDEX idempotency_keys_by_expiry ON chat.idempotency_keys (expires_at);

        -- What the version before left in progress, or is still generating, is found by the sweep and ended.
        INSERT INTO chat.runs (response_id, workspace_id, epoch, lease_until, last_sequence)
        SELECT id, workspace_id, epoch, lease_until, -1 FROM chat.responses WHERE status = 'in_progress';
        """;
}

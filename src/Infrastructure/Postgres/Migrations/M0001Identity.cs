using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

[DbContext(typeof(PlatformDbContext))]
[Migration("0001_identity")]
internal sealed class M0001Identity : SqlMigration
{
    protected override string Sql => """
        CREATE SCHEMA identity;

        CREATE TABLE identity.workspaces (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            created_at timestamptz NOT NULL
        );

        CREATE TABLE identity.users (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL REFERENCES identity.workspaces (id) ON DELETE CASCADE,
            email text NOT NULL UNIQUE,
            name text NOT NULL,
            role text NOT NULL,
            is_operator boolean NOT NULL,
            password_hash text,
            created_at timestamptz NOT NULL,
            disabled_at timestamptz,
            UNIQUE (workspace_id, id)
        );
        -- Two instances that start at once on an empty database must not make two first admins.
        CREATE UNIQUE INDEX users_one_operator ON identity.users (is_operator) WHERE is_operator;

        CREATE TABLE identity.api_keys (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name text NOT NULL,
            prefix text NOT NULL,
            hash bytea NOT NULL UNIQUE,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            FOREIGN KEY (workspace_id, user_id) REFERENCES identity.users (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX api_keys_by_user ON identity.api_keys (workspace_id, user_id);

        CREATE TABLE identity.sessions (
            hash bytea PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            FOREIGN KEY (workspace_id, user_id) REFERENCES identity.users (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX sessions_by_user ON identity.sessions (workspace_id, user_id);

        CREATE TABLE identity.sign_in_links (
            hash bytea PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            FOREIGN KEY (workspace_id, user_id) REFERENCES identity.users (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX sign_in_links_by_user ON identity.sign_in_links (workspace_id, user_id);
        """;
}

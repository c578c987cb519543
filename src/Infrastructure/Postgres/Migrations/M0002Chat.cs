using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

[DbContext(typeof(PlatformDbContext))]
[Migration("0002_chat")]
internal sealed class M0002Chat : SqlMigration
{
    // Foreign keys carry the workspace along, so that not even a bug can tie one tenant's row to another's.
    protected override string Sql => """
        CREATE SCHEMA chat;

        CREATE TABLE chat.conversations (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            title text,
            metadata json NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            UNIQUE (workspace_id, id)
        );
        CREATE INDEX conversations_by_user ON chat.conversations (workspace_id, user_id, updated_at DESC, id DESC);

        CREATE TABLE chat.items (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            type text NOT NULL,
            json json NOT NULL,
            created_at timestamptz NOT NULL,
            UNIQUE (workspace_id, id)
        );

        CREATE TABLE chat.conversation_items (
            position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
            workspace_id uuid NOT NULL,
            conversation_id uuid NOT NULL,
            item_id uuid NOT NULL,
            FOREIGN KEY (workspace_id, conversation_id) REFERENCES chat.conversations (workspace_id, id) ON DELETE CASCADE,
            FOREIGN KEY (workspace_id, item_id) REFERENCES chat.items (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX conversation_items_in_order ON chat.conversation_items (conversation_id, position);
        CREATE INDEX conversation_items_by_item ON chat.conversation_items (item_id);

        CREATE TABLE chat.responses (
            id uuid PRIMARY KEY,
            workspace_id uuid NOT NULL,
            user_id uuid NOT NULL,
            api_key_id uuid,
            conversation_id uuid,
            -- No foreign key: a deleted predecessor must be noticed, not forgotten.
            previous_response_id uuid,
            status text NOT NULL,
            model text NOT NULL,
            settings json NOT NULL,
            error_code text,
            error_message text,
            incomplete_reason text,
            usage json,
            created_at timestamptz NOT NULL,
            completed_at timestamptz,
            expires_at timestamptz NOT NULL,
            epoch integer NOT NULL,
            lease_until timestamptz NOT NULL DEFAULT now() + interval '4 seconds',
            UNIQUE (workspace_id, id),
            FOREIGN KEY (workspace_id, conversation_id) REFERENCES chat.conversations (workspace_id, id) ON DELETE SET NULL (conversation_id)
        );
        CREATE UNIQUE INDEX responses_one_active_per_conversation ON chat.responses (conversation_id) WHERE status = 'in_progress';
        CREATE INDEX responses_by_conversation ON chat.responses (conversation_id);
        CREATE INDEX responses_by_predecessor ON chat.responses (previous_response_id) WHERE previous_response_id IS NOT NULL;
        CREATE INDEX responses_in_progress ON chat.responses (lease_until) WHERE status = 'in_progress';
        CREATE INDEX responses_by_expiry ON chat.responses (expires_at);

        CREATE TABLE chat.response_items (
            workspace_id uuid NOT NULL,
            response_id uuid NOT NULL,
            ordinal integer NOT NULL,
            is_output boolean NOT NULL,
            item_id uuid NOT NULL,
            PRIMARY KEY (response_id, ordinal),
            FOREIGN KEY (workspace_id, response_id) REFERENCES chat.responses (workspace_id, id) ON DELETE CASCADE,
            FOREIGN KEY (workspace_id, item_id) REFERENCES chat.items (workspace_id, id) ON DELETE CASCADE
        );
        CREATE INDEX response_items_by_item ON chat.response_items (item_id);
        """;
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>What searches show of chunks, and how they find files by their attributes.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("0006_search")]
internal sealed class M0006Search : SqlMigration
{
    protected override string Sql => """
        -- Page and position, one after the other, of each page that begins within the chunk; and the white space before it, which is in no chunk.
        ALTER TABLE knowledge.chunks ADD COLUMN page_starts integer[], ADD COLUMN space_before text;

        CREATE INDEX vector_store_files_by_attributes ON knowledge.vector_store_files USING gin (attributes jsonb_path_ops);
        """;
}

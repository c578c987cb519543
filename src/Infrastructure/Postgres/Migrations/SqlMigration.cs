using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Infrastructure.Postgres.Migrations;

/// <summary>
/// A migration written as SQL. Old and new versions run side by side during an upgrade, so a migration only adds; what it replaces is removed one
/// release later. There is no way back down: a backup is.
/// </summary>
internal abstract class SqlMigration : Migration
{
    protected abstract string Sql { get; }

    protected sealed override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql);
}

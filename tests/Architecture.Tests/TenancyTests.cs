using System.Text.RegularExpressions;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AiPlatform.Architecture.Tests;

/// <summary>Every row belongs to a workspace, and every query knows it.</summary>
public sealed partial class TenancyTests
{
    /// <summary>Tables without a workspace, each for a reason.</summary>
    private static readonly string[] OfNoWorkspace =
    [
        "identity.workspaces", // its rows are the workspaces; filtered by their id
    ];

    [Fact]
    public void Every_entity_of_a_workspace_says_so() => Entities(Model).SelectMany(ThatHideTheirWorkspace).ShouldBeEmpty();

    [Fact]
    public void Every_entity_has_a_query_filter() => Entities(Model).SelectMany(WithoutFilter).ShouldBeEmpty();

    [Fact]
    public void Every_mapped_table_has_a_workspace() =>
        Entities(Model).SelectMany(WithoutWorkspaceColumn).Except(OfNoWorkspace).ShouldBeEmpty();

    [Fact]
    public void Every_table_of_the_migrations_has_a_workspace() =>
        TablesOf(MigrationSql).Where(table => !table.HasWorkspace).Select(table => table.Name).Except(OfNoWorkspace).ShouldBeEmpty();

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Entities(Model).Count().ShouldBeGreaterThan(5);
        TablesOf(MigrationSql).Select(table => table.Name).ShouldContain("chat.responses");
        TablesOf(MigrationSql).Select(table => table.Name).ShouldContain("identity.workspaces");
        Entities(Model).SelectMany(WithoutWorkspaceColumn).ShouldBe(OfNoWorkspace);
    }

    [Fact]
    public void The_rules_catch_an_entity_that_anyone_may_see()
    {
        using var db = new LeakyContext();
        var leaky = Entities(db.Model).Single(entity => entity.ClrType == typeof(Leaky));
        var nobodys = Entities(db.Model).Single(entity => entity.ClrType == typeof(Nobodys));

        ThatHideTheirWorkspace(leaky).ShouldBe([nameof(Leaky)]);
        WithoutFilter(leaky).ShouldBe([nameof(Leaky)]);
        WithoutWorkspaceColumn(leaky).ShouldBeEmpty();
        WithoutWorkspaceColumn(nobodys).ShouldBe(["public.nobodys"]);
    }

    [Fact]
    public void The_rule_catches_a_table_without_a_workspace() =>
        TablesOf("CREATE TABLE chat.a (id uuid, workspace_id uuid NOT NULL);\nCREATE UNLOGGED TABLE IF NOT EXISTS b (\n id uuid PRIMARY KEY\n);")
            .ShouldBe([("chat.a", true), ("b", false)]);

    private static IModel Model { get; } = BuildModel();

    private static string MigrationSql { get; } = string.Join('\n', Sources.TypesOf(Sources.Infrastructure)
        .Where(type => typeof(Migration).IsAssignableFrom(type) && !type.IsAbstract)
        .Select(type => (Migration)Activator.CreateInstance(type)!)
        .SelectMany(migration => migration.UpOperations.OfType<SqlOperation>())
        .Select(operation => operation.Sql));

    private static IModel BuildModel()
    {
        // Building the model opens no connection.
        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql("Host=nowhere.invalid").Options;
        using var db = new PlatformDbContext(options, new CallerContext());
        return db.Model;
    }

    private static IEnumerable<IEntityType> Entities(IModel model) => model.GetEntityTypes();

    private static IEnumerable<string> ThatHideTheirWorkspace(IEntityType entity) =>
        entity.ClrType.GetProperty(nameof(IBelongToWorkspace.WorkspaceId)) is not null && !typeof(IBelongToWorkspace).IsAssignableFrom(entity.ClrType) ? [entity.ClrType.Name] : [];

    private static IEnumerable<string> WithoutFilter(IEntityType entity) => entity.GetDeclaredQueryFilters().Count == 0 ? [entity.ClrType.Name] : [];

    private static IEnumerable<string> WithoutWorkspaceColumn(IEntityType entity) =>
        entity.GetProperties().Any(property => property.GetColumnName() == "workspace_id") ? [] : [$"{entity.GetSchema()}.{entity.GetTableName()}"];

    private static IEnumerable<(string Name, bool HasWorkspace)> TablesOf(string sql) =>
        CreateTable().Matches(sql).Select(match => (match.Groups["name"].Value, match.Groups["body"].Value.Contains("workspace_id uuid NOT NULL", StringComparison.Ordinal)));

    [GeneratedRegex(@"CREATE\s+(UNLOGGED\s+)?TABLE\s+(IF\s+NOT\s+EXISTS\s+)?(?<name>[\w.]+)\s*\((?<body>.*?)\)\s*;", RegexOptions.Singleline)]
    private static partial Regex CreateTable();

    private sealed class Leaky
    {
        public int Id { get; set; }
        public WorkspaceId WorkspaceId { get; set; }
    }

    private sealed class Nobodys
    {
        public int Id { get; set; }
    }

    private sealed class LeakyContext : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql("Host=nowhere.invalid");

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Leaky>().ToTable("leaky", "public").Property(row => row.WorkspaceId).HasColumnName("workspace_id").HasConversion(id => id.Value, value => new WorkspaceId(value));
            modelBuilder.Entity<Nobodys>().ToTable("nobodys", "public");
        }
    }
}

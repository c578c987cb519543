using AiPlatform.Application.Knowledge.Ingestion;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What hand-written statements of ingestion have in common.</summary>
internal static class Sql
{
    /// <summary>Raised by <c>knowledge.hold</c>.</summary>
    public const string NotHeld = "ING01";

    private const string HoldFile = "SELECT knowledge.hold($1, $2)";

    public static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params ReadOnlySpan<NpgsqlParameter> parameters) => With(database.CreateCommand(sql), parameters);

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters) => With(new NpgsqlCommand(sql, connection), parameters);

    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Ends the transaction unless the file is held.</summary>
    public static void Hold(this NpgsqlBatch batch, ClaimedFile file) => batch.Add(HoldFile, Of(file.Id.Value), Of(file.Epoch));

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static Task HoldAsync(this NpgsqlConnection connection, ClaimedFile file, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(HoldFile, cancellationToken, Of(file.Id.Value), Of(file.Epoch));

    private static NpgsqlCommand With(NpgsqlCommand command, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}

using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>What hand-written statements of ingestion have in common.</summary>
internal static class Sql
{
    /// <summary>Raised by <c>knowledge.hold</c>.</summary>
    public const string NotHeld = "ING01";

    private const string HoldFile = "SELECT knowledge.hold($1, $2, $3)";

    private const string BeginStep = """
        UPDATE knowledge.vector_store_files f SET step = $3, progress = 0, attempts = 1, crashes = 0, error_code = NULL, error_message = NULL,
            lease_until = clock_timestamp() + interval '15 seconds', updated_at = clock_timestamp()
        WHERE id = $1 AND epoch = $2 AND status = 'in_progress' RETURNING (SELECT dimensions FROM knowledge.vector_stores s WHERE s.id = f.vector_store_id)
        """;

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
    public static void Hold(this NpgsqlBatch batch, ClaimedFile file) => batch.Add(HoldFile, Of(file.Id.Value), Of(file.Epoch), Of((double?)null));

    public static async Task<bool> IsTrueAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static Task HoldAsync(this NpgsqlConnection connection, ClaimedFile file, double? progress, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(HoldFile, cancellationToken, Of(file.Id.Value), Of(file.Epoch), Of(progress));

    /// <summary>The next step begins. Returns the file as it is now, and null when it is not held.</summary>
    public static async Task<ClaimedFile?> BeginAsync(this NpgsqlConnection connection, ClaimedFile file, IngestionStep next, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(BeginStep, Of(file.Id.Value), Of(file.Epoch), Of(SnakeCase.Of(next.ToString())));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var dimensions = await reader.IsDBNullAsync(0, cancellationToken) ? (int?)null : reader.GetInt32(0);
        return file with { Step = next, Attempts = 1, Crashes = 0, Dimensions = dimensions };
    }

    private static NpgsqlCommand With(NpgsqlCommand command, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}

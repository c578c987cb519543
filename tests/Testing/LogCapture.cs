using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Testing;

/// <summary>One log entry: its text, its named values, and the values of the scopes around it.</summary>
public sealed record LogEntry(string Category, LogLevel Level, string Message, IReadOnlyDictionary<string, object?> Values, IReadOnlyDictionary<string, object?> Scope, Exception? Exception)
{
    /// <summary>Everything a log sink could get to see of this entry.</summary>
    public string Everything => string.Join('\n', [Category, Message, .. Values.Concat(Scope).Select(pair => $"{pair.Key}={pair.Value}"), Exception?.ToString() ?? ""]);

    public object? this[string name] => Values.GetValueOrDefault(name);
}

/// <summary>Keeps what the application logs, from every level on that it logs at.</summary>
public sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>The lines that model calls leave.</summary>
    public IReadOnlyList<LogEntry> ModelCalls => [.. _entries.Where(entry => entry.Category.EndsWith(".LoggingChatModel", StringComparison.Ordinal))];

    /// <summary>The lines that requests leave.</summary>
    public IReadOnlyList<LogEntry> Requests => [.. _entries.Where(entry => entry.Category.EndsWith(".RequestLog", StringComparison.Ordinal))];

    public void Clear() => _entries.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>();
            owner._scopes.ForEachScope(static (part, into) => Add(into, part), scope);
            var values = new Dictionary<string, object?>();
            Add(values, state);
            owner._entries.Enqueue(new LogEntry(category, logLevel, formatter(state, exception), values, scope, exception));
        }

        private static void Add(Dictionary<string, object?> into, object? state)
        {
            if (state is not IEnumerable<KeyValuePair<string, object?>> pairs) return;
            foreach (var (name, value) in pairs) into[name] = value;
        }
    }
}

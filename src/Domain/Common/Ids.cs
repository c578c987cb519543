namespace AiPlatform.Domain.Common;

/// <summary>A typed id: a UUIDv7 inside, a prefix and 32 hex digits on the wire (<c>conv_0198...</c>).</summary>
public interface IId<TSelf> where TSelf : struct, IId<TSelf>
{
    static abstract string Prefix { get; }

    static abstract TSelf From(Guid value);

    Guid Value { get; }
}

public static class Ids
{
    public static T New<T>(DateTimeOffset now) where T : struct, IId<T> => T.From(Guid.CreateVersion7(now));

    public static T From<T>(Guid value) where T : struct, IId<T> => T.From(value);

    public static string ToWire<T>(this T id) where T : struct, IId<T> => T.Prefix + id.Value.ToString("n");

    /// <summary>Reads a wire id. Anything that is not one of ours is simply not found, so there is no error to tell apart.</summary>
    public static T? Parse<T>(string? wire) where T : struct, IId<T> =>
        wire is not null && wire.StartsWith(T.Prefix, StringComparison.Ordinal) && Guid.TryParseExact(wire.AsSpan(T.Prefix.Length), "n", out var value)
            ? T.From(value)
            : null;
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>The token of a page: how many results come before it, and of which search.</summary>
internal static class SearchPage
{
    private const int MostSkipped = 10_000;
    private const int HashBytes = 8;

    public static string Write(SearchVectorStore request, int skip)
    {
        var token = new byte[sizeof(int) + HashBytes];
        BinaryPrimitives.WriteInt32BigEndian(token, skip);
        HashOf(request).CopyTo(token, sizeof(int));
        return Base64Url.EncodeToString(token);
    }

    public static int Read(SearchVectorStore request)
    {
        if (request.Body.Page is not { } page) return 0;
        var token = new byte[sizeof(int) + HashBytes];
        if (!Base64Url.IsValid(page, out var length) || length != token.Length || !Base64Url.TryDecodeFromChars(page, token, out _)) throw Invalid("it must be 'next_page' of the answer before");
        if (!token.AsSpan(sizeof(int)).SequenceEqual(HashOf(request))) throw Invalid("it belongs to another search; repeat the one it came from, and change nothing but 'page' and 'max_num_results'");
        var skip = BinaryPrimitives.ReadInt32BigEndian(token);
        return skip is > 0 and <= MostSkipped ? skip : throw Invalid("it must be 'next_page' of the answer before");
    }

    // Whatever decides about results and their order.
    private static byte[] HashOf(SearchVectorStore request)
    {
        var body = request.Body;
        var search = string.Join(
            '\n', request.Id, body.Query.GetRawText(), body.RewriteQuery is true, body.Filters?.GetRawText(), body.RankingOptions?.Ranker is "none", body.RankingOptions?.ScoreThreshold,
            body.RankingOptions?.HybridSearch);
        return SHA256.HashData(Encoding.UTF8.GetBytes(search))[..HashBytes];
    }

    private static InvalidRequest Invalid(string why) => new("invalid_value", $"Invalid 'page': {why}.", "page");
}

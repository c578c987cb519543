using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.VectorStores;

internal static class StoreErrors
{
    public static RuleBroken Expired(VectorStore store) => Expired(store.Id);

    public static RuleBroken Expired(VectorStoreId store, string? param = null) => new(
        "vector_store_expired", $"The vector store '{store.ToWire()}' has expired. Set another 'expires_after' (or null) to use it again, or make a new one.", param);

    public static NotFound NoSuchFile(WantedFile wanted) => new("not_found", $"File with id '{wanted.FileId}' not found.", wanted.Param);

    public static RuleBroken AttachedOtherwise(WantedFile wanted) => new(
        "file_already_attached",
        $"The file '{wanted.FileId}' is in this vector store already, with other attributes, another chunking strategy or another 'replaces'. Change its attributes there; for the rest, detach it first.",
        wanted.Param);

    public static InvalidRequest NothingToReplace(WantedFile wanted) => new(
        "invalid_value",
        $"Invalid 'replaces': no other file '{wanted.Replaces}' in this vector store.",
        wanted.Param.EndsWith("file_id", StringComparison.Ordinal) ? wanted.Param[..^"file_id".Length] + "replaces" : "replaces");

    public static Unavailable Busy() => new("vector_store_busy", "Others are changing this vector store at the moment. Try again shortly.", TimeSpan.FromSeconds(1));

    public static InvalidRequest NotReady(string fileId) => new(
        "file_not_ready", $"The text of the file '{fileId}' is not there yet. Wait until its status is 'completed'; where it is 'failed', 'last_error' says why.");
}

using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// The searches of a run: each is an item of the response, shown as it goes. Whoever takes a run over repeats those in its log without a word, so that the model
/// reads on where it was; what found it is the log's.
/// </summary>
internal sealed class RunSearches(ResponseRun run, DocumentContext documents, DocumentSearches searches, Action<ResponseEvent> emit, TimeProvider clock)
{
    /// <summary>What is stored outlives an outage of the database, and so do its searches.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public DocumentContext Documents => documents;

    public AnswerMetrics Metrics => searches.Metrics;

    /// <summary>Finds again what the searches so far have found, and finishes those that were under way.</summary>
    public async Task ResumeAsync()
    {
        for (var output = 0; output < run.Response.Output.Count; output++)
        {
            if (run.Response.Output[output] is not FileSearchItem item) continue;
            var hits = await HitsOf(item);
            documents.Add(item.WireId, SaidBefore(output), item.Queries, hits);
            if (item.IsOpen) Answer(output, hits);
        }
    }

    /// <summary>Searches for each of these, side by side.</summary>
    public async Task SearchAsync(IReadOnlyList<IReadOnlyList<string>> wanted)
    {
        var begun = new List<(int Output, FileSearchItem Item)>();
        foreach (var queries in wanted)
        {
            var (output, item) = (run.Response.Output.Count, new FileSearchItem(ItemId.New(clock.GetUtcNow()), queries));
            emit(new ResponseEvent.ItemAdded(output, item));
            emit(new ResponseEvent.SearchBegun(output));
            emit(new ResponseEvent.Searching(output));
            begun.Add((output, item));
        }

        List<Task<DocumentHits>> running = [.. begun.Select(search => HitsOf(search.Item))];
        try
        {
            await Task.WhenAll(running);
        }
        catch (PlatformException)
        {
            foreach (var ((output, _), search) in begun.Zip(running))
                if (search.IsFaulted) emit(new ResponseEvent.ItemDone(output, ItemStatus.Failed));
            throw;
        }

        foreach (var ((output, item), search) in begun.Zip(running))
        {
            documents.Add(item.WireId, SaidBefore(output), item.Queries, await search);
            Answer(output, await search);
        }
    }

    /// <summary>What the model has said since the last search, with the markers by which it cited.</summary>
    public string Said() => SaidBefore(run.Response.Output.Count);

    private Task<DocumentHits> HitsOf(FileSearchItem item) =>
        searches.SearchAsync(run.Response.WorkspaceId, documents.Tool, item.Queries, run.Response.IsStored ? Patience : TimeSpan.Zero, run.Stopped);

    private void Answer(int output, DocumentHits hits)
    {
        if (run.Response.Output[output] is FileSearchItem { IsAnswered: false }) emit(new ResponseEvent.SearchAnswered(output));
        emit(new ResponseEvent.ItemDone(output, ItemStatus.Completed, documents.Tool.ShowsResults ? ResultsOf(hits) : null));
    }

    private string SaidBefore(int output)
    {
        var said = new StringBuilder();
        var first = output;
        while (first > 0 && run.Response.Output[first - 1] is not FileSearchItem) first--;
        for (var i = first; i < output; i++)
            if (run.Response.Output[i] is MessageItem message)
                foreach (var part in message.Parts) AppendMarked(said, part);
        return said.ToString();
    }

    private void AppendMarked(StringBuilder said, ContentPart part)
    {
        var (text, at) = (part.Text, 0);
        foreach (var citation in part.Citations)
        {
            said.Append(text, at, citation.Index - at).Append(documents.Passages.MarkerOf(citation));
            at = citation.Index;
        }

        said.Append(text, at, text.Length - at);
    }

    private static string ResultsOf(DocumentHits found)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartArray();
            foreach (var hit in found.Hits) Write(json, hit);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // What follows the text is ours: where in the document it stands.
    private static void Write(Utf8JsonWriter json, DocumentHit hit)
    {
        json.WriteStartObject();
        json.WriteString("file_id"u8, hit.FileId.ToWire());
        json.WriteString("filename"u8, hit.Filename);
        json.WriteNumber("score"u8, Math.Round(hit.Score, 6));
        json.WritePropertyName("attributes"u8);
        json.WriteRawValue(hit.Attributes.Length == 0 ? "{}" : hit.Attributes);
        // PostgreSQL's JSON takes no NUL.
        json.WriteString("text"u8, hit.Text.Replace('\0', ' '));
        json.WriteString("vector_store_id"u8, hit.VectorStoreId.ToWire());
        json.WriteNumber("start"u8, hit.Start);
        json.WriteNumber("end"u8, hit.End);
        json.WriteNumber("page"u8, hit.PageAt(hit.Start));
        json.WriteEndObject();
    }
}

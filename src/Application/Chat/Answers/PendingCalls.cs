using System.Text;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Puts function calls together from the fragments in which they arrive.</summary>
internal sealed class PendingCalls
{
    private readonly List<PendingCall> _calls = [];

    public void Add(ModelDelta.ToolCall fragment)
    {
        var call = _calls.FindLast(call => call.Index == fragment.Index);
        if (call is null || call.IsFollowedBy(fragment)) _calls.Add(call = new PendingCall(fragment.Index));
        call.Add(fragment);
    }

    public IEnumerable<FunctionCallItem> ToItems(TimeProvider clock) => _calls.OrderBy(call => call.Index).Select(call => call.ToItem(ItemId.New(clock.GetUtcNow())));

    private sealed class PendingCall(int index)
    {
        private readonly StringBuilder _arguments = new();
        private string? _id;
        private string? _name;

        public int Index { get; } = index;

        /// <summary>
        /// Whether this is another call of the same number: some servers number all calls alike. An id alone says nothing, as others make up a new one for
        /// every fragment; with a name it begins a call.
        /// </summary>
        public bool IsFollowedBy(ModelDelta.ToolCall fragment) => _name is not null && fragment is { Id.Length: > 0, Name.Length: > 0 } && fragment.Id != _id;

        public void Add(ModelDelta.ToolCall call)
        {
            _id ??= call.Id;
            _name ??= call.Name;
            _arguments.Append(call.Arguments);
        }

        // Some local servers give their calls no id; ours will do.
        public FunctionCallItem ToItem(ItemId id) => new(id, _id ?? "call_" + id.Value.ToString("n"), _name ?? "", _arguments.ToString());
    }
}

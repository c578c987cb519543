// Types that break the rules about modules, each in one way.
#pragma warning disable CA1711, CA1724

namespace AiPlatform.Application.Usage
{
    internal sealed class SampleThatHasAFieldOfChat
    {
        private readonly Chat.Runs.ResponseTail _tail = new();

        public bool Has => _tail.ToString() is not null;
    }

    internal sealed class SampleThatNewsUpChatInALambda
    {
        public static Func<object> Make(int times) => () => times > 0 ? new Chat.ChatOptions() : "";
    }

    [System.Diagnostics.DebuggerTypeProxy(typeof(Chat.ChatOptions))]
    internal sealed class SampleThatNamesChatInAnAttribute;
}

namespace AiPlatform.Domain.Usage
{
    internal sealed class SampleThatCallsChatAsynchronously
    {
        public static async Task<bool> IsItemAsync(string text)
        {
            await Task.Yield();
            return Chat.ItemId.Parse(text) is not null;
        }
    }
}

namespace AiPlatform.Application.Chat
{
    internal sealed class SampleThatPassesTheContracts
    {
        public static object Contract(Inference.Contracts.ModelDescriptor model) => model;

        public static object Passed() => new Inference.ListModels();
    }
}

namespace AiPlatform.Application.Surprises
{
    internal sealed class SampleOfANewModule;
}

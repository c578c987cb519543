using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>Lets readers sleep until something new can be read of the response they read, or its run has another owner.</summary>
public sealed class RunChanges : Changes<ResponseId>;

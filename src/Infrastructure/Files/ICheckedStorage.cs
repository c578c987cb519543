using AiPlatform.Application.Knowledge.Files;

namespace AiPlatform.Infrastructure.Files;

/// <summary>A storage that can say whether it works.</summary>
internal interface ICheckedStorage : IFileStorage
{
    /// <summary>Where contents are, for the operator; no secret.</summary>
    string Place { get; }

    /// <exception cref="ConfigurationError">It will never work with these settings.</exception>
    /// <exception cref="Exception">It does not work at the moment.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

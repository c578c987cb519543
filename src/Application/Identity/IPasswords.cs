namespace AiPlatform.Application.Identity;

/// <summary>Hashes passwords, slowly and salted.</summary>
public interface IPasswords
{
    string Hash(string password);

    /// <summary>With no hash it takes as long and says no, so that nobody learns from the clock which e-mail addresses exist.</summary>
    bool Verify(string? hash, string password);
}

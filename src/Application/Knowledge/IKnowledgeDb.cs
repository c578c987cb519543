using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge;

/// <summary>Knowledge's tables, confined to the caller's workspace. Chunks and vectors are not among them: see <c>IChunkStore</c>.</summary>
public interface IKnowledgeDb
{
    DbSet<StoredFile> Files { get; }
    DbSet<FileText> FileTexts { get; }
    DbSet<Upload> Uploads { get; }
    DbSet<UploadPart> UploadParts { get; }
    DbSet<VectorStore> VectorStores { get; }
    DbSet<VectorStoreFile> VectorStoreFiles { get; }
    DbSet<FileBatch> FileBatches { get; }
    DbSet<Evaluation> Evaluations { get; }
    DbSet<EvaluationQuestion> EvaluationQuestions { get; }

    Task<int> SaveChangesAsync(CancellationToken cancellationToken);

    /// <summary>Drops what was read and changed and is not saved, to begin again.</summary>
    void Forget();
}

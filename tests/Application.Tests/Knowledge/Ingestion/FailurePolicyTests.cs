using System.Data.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Ingestion;

public sealed class FailurePolicyTests
{
    private readonly FailurePolicy _policy = new(new Random(7));

    [Theory]
    [InlineData(Refusal.InvalidFile, "invalid_file")]
    [InlineData(Refusal.UnsupportedFile, "unsupported_file")]
    public void What_cannot_be_read_is_not_tried_again(Refusal refusal, string code) =>
        _policy.Judge(new DocumentRefused(refusal, "It is encrypted."), File(attempts: 1)).ShouldBe(new Verdict.GiveUp(new Problem(code, "It is encrypted.")));

    [Fact]
    public void Other_failures_are_tried_five_times_and_ever_later()
    {
        var delays = new List<double>();
        for (var attempt = 1; attempt < 5; attempt++)
            delays.Add(_policy.Judge(new IOException("/secret/path"), File(attempt)).ShouldBeOfType<Verdict.TryAgain>().Delay.TotalSeconds);

        delays[0].ShouldBeInRange(0.8, 1);
        delays[1].ShouldBeInRange(4, 5);
        delays[2].ShouldBeInRange(20, 25);
        delays[3].ShouldBeInRange(96, 120);
        var last = _policy.Judge(new IOException("/secret/path"), File(attempts: 5)).ShouldBeOfType<Verdict.GiveUp>();
        last.Problem.Code.ShouldBe("server_error");
        last.Problem.Message.ShouldBe("The chunks of this file could not be embedded, because of an error of the server. It was tried 5 times.");
    }

    [Fact]
    public void A_missing_program_is_named_and_may_come()
    {
        var problem = _policy.Judge(new ParserUnavailable("The program pandoc is missing."), File(attempts: 1)).ShouldBeOfType<Verdict.TryAgain>().Problem;

        problem.ShouldBe(new Problem("server_error", "The program pandoc is missing."));
    }

    [Theory]
    [InlineData(UpstreamFailure.Credentials, "refused the key")]
    [InlineData(UpstreamFailure.ModelNotFound, "is not there")]
    [InlineData(UpstreamFailure.Rejected, "did not deliver")]
    public void A_vendor_that_will_not_change_its_mind_is_not_asked_again(UpstreamFailure kind, string says)
    {
        var problem = _policy.Judge(new UpstreamFailed(kind, "code", "The vendor says so."), File(attempts: 1)).ShouldBeOfType<Verdict.GiveUp>().Problem;

        problem.Code.ShouldBe("server_error");
        problem.Message.ShouldContain(says);
        problem.Message.ShouldContain("The vendor says so.");
    }

    [Fact]
    public void A_vendor_that_asks_for_patience_gets_it_within_bounds()
    {
        DelayAfter(TimeSpan.FromMinutes(5)).ShouldBe(TimeSpan.FromMinutes(5));
        DelayAfter(TimeSpan.FromDays(5)).ShouldBe(TimeSpan.FromMinutes(30));
        DelayAfter(TimeSpan.FromMilliseconds(1)).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(700));
    }

    [Theory]
    [InlineData("57P01")]
    [InlineData("08006")]
    [InlineData("40P01")]
    [InlineData("53300")]
    public void A_database_that_is_away_is_waited_for(string state) =>
        _policy.Judge(new InvalidOperationException("wrapped", new DatabaseSays(state)), File(attempts: 5)).ShouldBeOfType<Verdict.WaitForDatabase>();

    [Theory]
    [InlineData("22P05")]
    [InlineData("53100")]
    [InlineData("23505")]
    public void A_statement_that_is_refused_is_an_attempt(string state) =>
        _policy.Judge(new DatabaseSays(state), File(attempts: 1)).ShouldBeOfType<Verdict.TryAgain>().Problem.Message.ShouldNotContain("secret");

    private TimeSpan DelayAfter(TimeSpan asked) =>
        _policy.Judge(new UpstreamFailed(UpstreamFailure.RateLimited, "rate_limited", "Slow down.", retryAfter: asked), File(attempts: 1)).ShouldBeOfType<Verdict.TryAgain>().Delay;

    private static ClaimedFile File(int attempts)
    {
        var now = DateTimeOffset.UnixEpoch;
        return new ClaimedFile
        {
            Id = Ids.New<VectorStoreFileId>(now),
            WorkspaceId = Ids.New<WorkspaceId>(now),
            VectorStoreId = Ids.New<VectorStoreId>(now),
            FileId = Ids.New<FileId>(now),
            Filename = "a.txt",
            Epoch = 1,
            Step = IngestionStep.Embed,
            Attempts = attempts,
            Crashes = 0,
            Chunking = ChunkingStrategy.Auto,
            EmbeddingModel = "some-model",
            Dimensions = null,
            Generation = 1,
            Replaces = null,
            CreatedAt = now,
        };
    }

    private sealed class DatabaseSays(string state) : DbException("secret")
    {
        public override string SqlState => state;
    }
}

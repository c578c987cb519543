using AiPlatform.Application.Knowledge.Evaluations;

namespace AiPlatform.Application.Tests.Knowledge.Evaluations;

public sealed class PairedRandomisationTests
{
    [Fact]
    public void No_difference_is_no_evidence()
    {
        PairedRandomisation.PValue([]).ShouldBe(1);
        PairedRandomisation.PValue([0, 0, 0]).ShouldBe(1);
    }

    [Fact]
    public void Few_differences_of_one_sign_have_the_chance_that_their_signs_have() =>
        // Of the 2^5 ways to give five equal differences signs, two have a sum as far from 0: all up, all down.
        PairedRandomisation.PValue([0.2, 0.2, 0.2, 0.2, 0.2, 0]).ShouldBe(2 / 32.0, 0.01);

    [Fact]
    public void Differences_that_cancel_out_are_chance() => PairedRandomisation.PValue([0.3, -0.3, 0.1, -0.1]).ShouldBe(1);

    [Fact]
    public void Many_differences_of_one_sign_are_more_than_chance() => PairedRandomisation.PValue(Enumerable.Repeat(0.01, 200)).ShouldBeLessThan(0.001);

    [Fact]
    public void The_same_differences_have_the_same_answer()
    {
        double[] differences = [.. Enumerable.Range(0, 150).Select(i => Math.Sin(i) + 0.1)];
        PairedRandomisation.PValue(differences).ShouldBe(PairedRandomisation.PValue(differences));
        PairedRandomisation.PValue(differences).ShouldBeInRange(0.01, 0.9);
    }
}

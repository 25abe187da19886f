using Octet.Calibration;
using Octet.Inference;

namespace Octet.Tests.Calibration;

public sealed class TurnsTests
{
    private const int Tensors = 5;
    private const int Samples = 40;

    [Fact]
    public void Turns_ComeInTheOrderOfTheSamples()
    {
        var turns = new Turns(Tensors);
        List<int>[] seen = [.. Enumerable.Range(0, Tensors).Select(_ => new List<int>())];
        ParallelRuns.ForEach(Samples, 4, i =>
        {
            for (int t = 0; t < Tensors; t++)
            {
                Thread.SpinWait((i * 7919 + t * 31) % 20_000);
                turns.Wait(t, i);
                seen[t].Add(i);
                turns.Done(t);
            }
        }, CancellationToken.None);
        Assert.All(seen, s => Assert.Equal(Enumerable.Range(0, Samples), s));
    }

    [Fact]
    public void AFailure_EndsTheWaitingOfThoseBehindIt_AndIsTheErrorThatIsThrown()
    {
        var turns = new Turns(1);
        var error = Assert.Throws<InvalidOperationException>(() => ParallelRuns.ForEach(Samples, 4, i =>
        {
            try
            {
                if (i == 2)
                {
                    Thread.Sleep(20);
                    throw new InvalidOperationException("the third");
                }

                turns.Wait(0, i);
                turns.Done(0);
            }
            catch
            {
                turns.Fail(i);
                throw;
            }
        }, CancellationToken.None));
        Assert.Equal("the third", error.Message);
    }
}

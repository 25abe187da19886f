using Octet.Numerics;

namespace Octet.Tests.Numerics;

public sealed class OrderStatisticTests
{
    [Fact]
    public void Select_OfAnyRank_GivesTheSortedValue()
    {
        var random = new Random(5);
        foreach (int count in new[] { 1, 2, 3, 10, 257 })
        {
            // Few different values: ties are where partitions go wrong.
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(count / 2 + 1) - 3)];
            float[] sorted = [.. values.Order()];
            for (int rank = 0; rank < count; rank++)
            {
                Assert.Equal(sorted[rank], OrderStatistic.Select(values.ToArray(), rank));
            }
        }
    }
}

using System.Text.Json;
using Octet.Analysis;
using Octet.Tests.Golden;

namespace Octet.Tests.Analysis;

public sealed class TensorSummaryTests
{
    private const string Cases = "../golden/mindspore/t8_debug_report.json";

    [Fact]
    public void Of_KnownValues_GivesTheirMeasures()
    {
        var summary = TensorSummary.Of([3, 0, -1, 2, 0, 8], [2, 0, -1, 2, 0, 4]);
        Assert.Equal((6, -1, 8), (summary.Count, summary.Min, summary.Max));
        Assert.Equal(2, summary.Mean);
        Assert.Equal(Math.Sqrt((78 / 6.0) - 4), summary.Deviation, 12);
        Assert.Equal(2 / 6.0, summary.Sparsity);
        Assert.Equal(1 / 6.0, summary.Clip);
        Assert.Equal(43 / Math.Sqrt(78 * 25), summary.Cosine, 12);
    }

    [Fact]
    public void Merge_OfTwoSamples_IsThatOfAllTheirValues()
    {
        float[] first = [1, 5, -3, 0, 2];
        float[] second = [10, 0, 0, 4, 4];
        var merged = TensorSummary.Merge([TensorSummary.Of(first), TensorSummary.Of(second)]);
        var whole = TensorSummary.Of([.. first, .. second]);
        Assert.Equal((whole.Count, whole.Min, whole.Max, whole.Sparsity), (merged.Count, merged.Min, merged.Max, merged.Sparsity));
        Assert.Equal(whole.Mean, merged.Mean, 6);
        Assert.Equal(whole.Deviation, merged.Deviation, 6);
    }

    [SharedFact(Cases)]
    public void Of_EveryRecordedTensor_GivesMindSporesColumns()
    {
        var arrays = Arrays();
        int cases = 0;
        foreach (var golden in Recorded("stat_"))
        {
            // Below four elements the original reads before its array.
            if (golden.GetProperty("n").GetInt32() < 4)
            {
                continue;
            }

            var values = golden.GetProperty("values");
            float Of(string column) => values.GetProperty(column).GetSingle();
            var summary = TensorSummary.Of(arrays[Key(golden, "x")]);
            Assert.Equal((Of("min"), Of("q1"), Of("median"), Of("q3"), Of("max")), (summary.Min, summary.Q1, summary.Median, summary.Q3, summary.Max));
            Assert.InRange(summary.Mean, Of("mean") - (1e-6f * Math.Abs(Of("mean"))), Of("mean") + (1e-6f * Math.Abs(Of("mean"))));
            Assert.Equal(Of("sparsity"), (float)summary.Sparsity);
            Assert.InRange(summary.Deviation, Of("var") * (1 - 1e-5), Of("var") * (1 + 1e-5));
            cases++;
        }

        Assert.Equal(19, cases);
    }

    [SharedFact(Cases)]
    public void Of_EveryRecordedPair_GivesMindSporesClipAndCosine()
    {
        var arrays = Arrays();
        int cases = 0;
        foreach (var golden in Recorded("pair_"))
        {
            var summary = TensorSummary.Of(arrays[Key(golden, "a")], arrays[Key(golden, "b")]);
            Assert.Equal(golden.GetProperty("clip").GetSingle(), (float)summary.Clip);
            Assert.Equal(golden.GetProperty("cosine").GetSingle(), (float)summary.Cosine, 1e-6f);
            cases++;
        }

        Assert.Equal(12, cases);
    }

    private static IReadOnlyDictionary<string, float[]> Arrays() => GoldenFile.Arrays("mindspore/t8_debug_report.npz");

    private static IEnumerable<JsonElement> Recorded(string prefix) => GoldenFile.Json("mindspore/t8_debug_report.json").GetProperty("cases").EnumerateArray()
        .Where(c => c.GetProperty("case").GetString()!.StartsWith(prefix, StringComparison.Ordinal));

    private static string Key(JsonElement golden, string array) => golden.GetProperty(array).GetString()!.Replace("/", "__", StringComparison.Ordinal);
}

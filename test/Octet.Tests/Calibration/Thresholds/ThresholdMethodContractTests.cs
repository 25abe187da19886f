using Octet.Calibration;
using Octet.Calibration.Thresholds;
using Octet.Numerics;

namespace Octet.Tests.Calibration.Thresholds;

/// <summary>What every threshold method promises.</summary>
public sealed class ThresholdMethodContractTests
{
    private static readonly QuantType[] Types = [QuantType.UInt8, QuantType.Int8, QuantType.Int4, QuantType.UInt4, new(16, true)];

    public static TheoryData<string> Methods() => [.. ThresholdMethods.All.Select(m => m.Name)];

    public static TheoryData<string, string> MethodsAndData()
    {
        var data = new TheoryData<string, string>();
        foreach (var method in ThresholdMethods.All)
        {
            // What is gathered besides the histogram takes finite values only; a sweep refuses others.
            bool histogramAlone = method.Needs(QuantType.Int8, true, new ThresholdSettings(method)).IsEmpty;
            foreach (string name in Cases.Keys.Where(n => histogramAlone || n != "only NaN"))
            {
                data.Add(method.Name, name);
            }
        }

        return data;
    }

    private static Dictionary<string, float[]> Cases { get; } = new()
    {
        ["empty"] = [],
        ["only NaN"] = [float.NaN, float.PositiveInfinity],
        ["zeros"] = [0, -0f, 0],
        ["constant"] = [3.7f, 3.7f, 3.7f],
        ["one negative value"] = [-0.001f],
        ["positive"] = [.. Gauss(4000, 1).Select(MathF.Abs)],
        ["Relu6"] = [.. Gauss(4000, 2).Select(v => Math.Clamp(4 * v, 0, 6))],
        ["negative"] = [.. Gauss(4000, 3).Select(v => -MathF.Abs(v))],
        ["two-sided"] = Gauss(4000, 4),
        ["skewed"] = [.. Gauss(4000, 5).Select(v => v < 0 ? v / 50 : v)],
        ["huge outlier"] = [.. Gauss(4000, 6), -10_000],
        ["largest floats"] = [float.MaxValue, float.MinValue, 1, -1, 0],
        ["tiny"] = [.. Gauss(500, 7).Select(v => v * 1e-30f)],
        ["denormal"] = [1e-40f, -2e-40f, 3e-41f, float.Epsilon],
    };

    [Theory]
    [MemberData(nameof(MethodsAndData))]
    public void Compute_OnAnyData_GivesAFiniteRangeWithZeroInsideTheData(string method, string data)
    {
        var statistics = StatisticsOf(Cases[data]);
        foreach (var (type, symmetric) in Schemes())
        {
            var result = ThresholdRuns.Run(method, [Cases[data]], type, symmetric);

            // Where a method fixes the scale itself, as those of other tools do, the range is what it says it is.
            bool own = result.Params is null;
            Assert.InRange(result.Range.Min, own ? Math.Min(statistics.Histogram.Min, 0) : float.MinValue, 0);
            Assert.InRange(result.Range.Max, 0, own ? Math.Max(statistics.Histogram.Max, 0) : float.MaxValue);
            var parameters = result.ToQuantParams(type, symmetric);
            Assert.True(float.IsNormal(parameters.Scale));
            Assert.Equal(type, parameters.Type);
            Assert.Equal(parameters, ThresholdRuns.Run(method, [Cases[data]], type, symmetric).ToQuantParams(type, symmetric));
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndData))]
    public void Compute_OfDoubledData_DoublesTheRange(string method, string data)
    {
        if (data is "largest floats" or "denormal" or "one negative value")
        {
            return;
        }

        float[] doubled = [.. Cases[data].Select(v => v * 2)];
        foreach (var (type, symmetric) in Schemes())
        {
            var result = ThresholdRuns.Run(method, [Cases[data]], type, symmetric);
            if (result.Params is null)
            {
                Assert.Equal(new ValueRange(result.Range.Min * 2, result.Range.Max * 2), ThresholdRuns.Run(method, [doubled], type, symmetric).Range);
            }
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndData))]
    public void Compute_OfMirroredData_MirrorsTheSymmetricBound(string method, string data)
    {
        float[] mirrored = [.. Cases[data].Select(v => -v)];
        var result = ThresholdRuns.Run(method, [Cases[data]], QuantType.Int8, symmetric: true);
        if (result.Params is null)
        {
            // Not exactly: a signed type has one level more below zero.
            Assert.Equal(result.Range.Bound, ThresholdRuns.Run(method, [mirrored], QuantType.Int8, symmetric: true).Range.Bound, result.Range.Bound * 0.03f);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void NameAndDescription_AreFit(string method)
    {
        var entry = ThresholdMethods.Find(method);
        Assert.Matches("^[a-z][a-z0-9-]*$", entry.Name);
        Assert.EndsWith(".", entry.Description, StringComparison.Ordinal);
        Assert.All(entry.Parameters, p => Assert.InRange(p.Default, p.Min, p.Max));
    }

    [Fact]
    public void All_HoldsEveryMethodThatThereIs()
    {
        var written = typeof(IThresholdMethod).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IThresholdMethod)) && t is { IsAbstract: false, IsInterface: false });
        Assert.Equal(written.Select(t => t.FullName).Order(), ThresholdMethods.All.Select(m => m.GetType().FullName).Order());
        Assert.Equal(ThresholdMethods.All.Length, ThresholdMethods.All.Select(m => m.Name).Distinct().Count());
    }

    [Fact]
    public void Find_OfAnUnknownName_SuggestsTheNearest()
    {
        var error = Assert.Throws<OctetException>(() => ThresholdMethods.Find("percentil"));
        Assert.Equal(ErrorCodes.UnknownName, error.Code);
        Assert.Contains("percentile", error.Message, StringComparison.Ordinal);
    }

    internal static ValueRange RangeOf(string method, float[] values, QuantType type, bool symmetric)
    {
        var named = ThresholdMethods.Find(method);
        var settings = new ThresholdSettings(named);
        return named.Compute(TensorStatistics.Of([values], named.Needs(type, symmetric, settings)), type, symmetric, settings).Range;
    }

    internal static TensorStatistics StatisticsOf(float[] values) => new(LogLinearHistogram.Of(values));

    internal static float[] Gauss(int count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    private static IEnumerable<(QuantType Type, bool Symmetric)> Schemes()
        => Types.SelectMany(t => new[] { (t, false), (t, true) });
}

using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Tests.Rewrites;

/// <summary>Compares what two models compute in ONNX Runtime, without its own optimizations.</summary>
internal static class FloatEquality
{
    /// <summary>
    /// Folding rounds every weight once more (relative error 2⁻²⁴) and changes the order of sums. Both errors grow with the square root
    /// of the terms of a dot product (up to 4,608 here) and with the depth (up to 60 layers): some 2⁻²⁴·68·8 = 3·10⁻⁵ of the largest value
    /// of an output. Twice that is allowed.
    /// </summary>
    public const double Tolerance = 6e-5;

    /// <summary>Seeded inputs for the model: floats between −1 and 1; integers that are ids or lengths small enough for every model of the tests.</summary>
    public static Dictionary<string, Tensor> InputsOf(FloatSession session, int seed)
    {
        var random = new Random(seed);
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var port in session.Inputs)
        {
            var shape = new Shape([.. port.Dimensions.Select(d => d ?? 1)]);
            int count = checked((int)shape.Count);
            inputs.Add(port.Name, port.ElementType switch
            {
                ElementType.Float32 => Tensor.FromArray(Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray(), shape),
                ElementType.Int64 => Tensor.FromArray(Enumerable.Range(0, count).Select(_ => (long)random.Next(1, 3)).ToArray(), shape),
                ElementType.Int32 => Tensor.FromArray(Enumerable.Range(0, count).Select(_ => random.Next(1, 3)).ToArray(), shape),
                ElementType.Boolean => Tensor.FromArray(Enumerable.Range(0, count).Select(_ => random.Next(2) == 1).ToArray(), shape),
                _ => throw new NotSupportedException(port.ToString()),
            });
        }

        return inputs;
    }

    public static FloatSession Open(Model model)
        => new(OnnxFormat.ToBytes(model), new FloatSessionOptions { Optimization = GraphOptimization.None });

    /// <summary>Fails where a graph is not sound, the outputs' names, types or shapes differ, or a value by more than <paramref name="tolerance"/> of the output's largest.</summary>
    public static void AssertSame(Model expected, Model actual, double tolerance = Tolerance) => AssertSame(expected, [actual], tolerance);

    /// <summary>Compares several models with one.</summary>
    public static void AssertSame(Model expected, IReadOnlyList<Model> actuals, double tolerance = Tolerance)
    {
        using var first = Open(expected);
        var inputs = InputsOf(first, 1);
        using var wanted = first.Run(inputs);
        foreach (var actual in actuals)
        {
            Assert.Empty(actual.Graph.Verify());
            using var second = Open(actual);
            Assert.Equal(first.Inputs.Select(i => i.Name), second.Inputs.Select(i => i.Name));
            Assert.Equal(wanted.Names, second.Outputs.Select(o => o.Name));
            using var given = second.Run(inputs);
            for (int i = 0; i < wanted.Names.Count; i++)
            {
                AssertClose(wanted.Names[i], wanted.ToTensor(i), given.ToTensor(i), tolerance);
            }
        }
    }

    private static void AssertClose(string name, Tensor wanted, Tensor given, double tolerance)
    {
        Assert.Equal(wanted.ToString(), given.ToString());
        float[] w = wanted.ToFloats();
        float[] g = given.ToFloats();
        double largest = w.Where(float.IsFinite).Select(v => Math.Abs((double)v)).DefaultIfEmpty(0).Max();
        for (int i = 0; i < w.Length; i++)
        {
            double error = w[i].Equals(g[i]) ? 0 : Math.Abs((double)w[i] - g[i]);
            Assert.True(error <= tolerance * largest, $"{name}[{i}] is {g[i]}, should be {w[i]}; the largest is {largest}, the error {error / largest} of it");
        }
    }
}

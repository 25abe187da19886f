using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Refinement;

/// <summary>What networks that a test makes are put together from, and samples for them.</summary>
internal static class MadeNet
{
    /// <summary>A value with its type stated, as an output must have it.</summary>
    public static Value Typed(Value value)
    {
        value.Type = new TensorType(ElementType.Float32, null);
        return value;
    }

    /// <summary>Numbers from −0.2 to 0.3.</summary>
    public static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.4f) * 0.5f)];
    }

    /// <summary>A sample of one input.</summary>
    public static Sample SampleOf(int index, string input, float[] values, Shape shape)
        => new(index, "made", new Dictionary<string, Tensor> { [input] = Tensor.FromArray(values, shape) }, null);
}

using Octet.Dialects.Ppq;
using Octet.Numerics;
using Octet.Planning;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet ppq</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Model">Path of the float model.</param>
/// <param name="Platform">PPQ's name of the platform.</param>
/// <param name="Calibration">The observer of activations.</param>
/// <param name="Steps">Batches that were taken.</param>
/// <param name="Batch">Samples a batch.</param>
/// <param name="Export">The form of the files.</param>
/// <param name="Meaning">What the model computes: PPQ's simulation, or our integers.</param>
/// <param name="Operations">The quantized operators.</param>
/// <param name="FloatOperations">Operators with weights that stay float, and why.</param>
/// <param name="Tensors">Where tensors are rounded, and how.</param>
/// <param name="Written">The files.</param>
/// <param name="Analysis">What analyses found.</param>
/// <param name="Warnings">What did not go as in PPQ.</param>
internal sealed record PpqResult(
    string Version,
    string Model,
    string Platform,
    string Calibration,
    int Steps,
    int Batch,
    string Export,
    string Meaning,
    IReadOnlyList<string> Operations,
    IReadOnlyDictionary<string, string> FloatOperations,
    IReadOnlyList<PpqResult.Tensor> Tensors,
    IReadOnlyList<string> Written,
    PpqAnalysisResult Analysis,
    IReadOnlyList<string> Warnings)
{
    /// <summary>A tensor at the operator that rounds it.</summary>
    /// <param name="Operation">The operator.</param>
    /// <param name="Variable">The tensor.</param>
    /// <param name="State">PPQ's word for what becomes of it.</param>
    /// <param name="Bits">Number of bits.</param>
    /// <param name="Scales">One scale, or one a channel.</param>
    /// <param name="ZeroPoints">As many.</param>
    internal sealed record Tensor(string Operation, string Variable, QuantizationStates State, int Bits, IReadOnlyList<float> Scales, IReadOnlyList<int> ZeroPoints)
    {
        /// <summary>The scales for people: 2^-4, a number, or the range of several.</summary>
        public string ScaleText => Scales.Distinct().Order().ToArray() switch
        {
            [var one] => Text(one),
            var several => $"{Text(several[0])} to {Text(several[^1])}",
        };

        private static string Text(float scale)
            => scale == PowerOfTwo.AtLeast(scale) ? FormattableString.Invariant($"2^{Math.ILogB(scale)}") : FormattableString.Invariant($"{scale:G6}");
    }

    /// <summary>The tensors that are rounded somewhere.</summary>
    public static IReadOnlyList<Tensor> TensorsOf(PpqGraph graph)
        => [.. graph.Configs.Where(c => !c.IsFloat && c.State != QuantizationStates.Overlapped).Select(c => new Tensor(c.Operation, c.Variable, c.State, c.Bits, c.Scales, c.ZeroPoints))];

    /// <summary>Layers with weights that stay float.</summary>
    public static IReadOnlyDictionary<string, string> FloatOf(PpqGraph graph)
        => graph.Plan.Layers.Where(l => l is { Decision: LayerDecision.Float, OpType: "Conv" or "ConvTranspose" or "Gemm" or "MatMul" }).DistinctBy(l => l.Name).ToDictionary(l => l.Name, l => l.Why ?? string.Empty, StringComparer.Ordinal);
}

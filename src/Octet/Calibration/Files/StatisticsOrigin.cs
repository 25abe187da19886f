using System.Collections.Immutable;
using Octet.Calibration.Statistics;

namespace Octet.Calibration.Files;

/// <summary>What statistics are of: enough to tell a stranger's file.</summary>
public sealed record StatisticsOrigin
{
    /// <summary>Float weights, the usual <see cref="Observation"/>.</summary>
    public const string FloatWeights = "float weights";

    /// <summary>SHA-256 (hexadecimal) of the simplified model without the numbers of its constants.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 (hexadecimal) of the simplified model with the numbers of its constants.</summary>
    public required string Weights { get; init; }

    /// <summary>SHA-256 (hexadecimal) of the whole data set as it is prepared.</summary>
    public required string Data { get; init; }

    /// <summary>The recipe of preprocessing; empty without one.</summary>
    public required string Preprocess { get; init; }

    /// <summary>What the weights were while activations were observed: <see cref="FloatWeights"/>, or quantized by a target's scheme.</summary>
    public required string Observation { get; init; }

    /// <summary>Which float kernels ran.</summary>
    public required string Processor { get; init; }

    /// <summary>Version of ONNX Runtime.</summary>
    public required string Runtime { get; init; }

    /// <summary>Seed of the choice of sampled rows.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Names of all samples of the data set, in order; one run each.</summary>
    public required ImmutableArray<string> Samples { get; init; }

    /// <summary>What differs, in words: "the model's weights"; empty where nothing does.</summary>
    /// <param name="other">The other origin.</param>
    /// <param name="allowMixedProcessors">Whether unlike processors are no difference.</param>
    public IReadOnlyList<string> DifferencesFrom(StatisticsOrigin other, bool allowMixedProcessors = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new List<string>();
        void Compare(string what, object own, object others, bool tell)
        {
            if (!own.Equals(others))
            {
                differences.Add(tell ? FormattableString.Invariant($"{what} (\"{own}\" and \"{others}\")") : what);
            }
        }

        Compare("the model's structure", Graph, other.Graph, false);
        if (Graph == other.Graph)
        {
            Compare("the model's weights", Weights, other.Weights, false);
        }

        Compare("the preprocessing", Preprocess, other.Preprocess, true);
        if (Preprocess == other.Preprocess)
        {
            Compare("the samples", Data, other.Data, false);
        }

        Compare("the observed weights", Observation, other.Observation, true);
        Compare("the version of ONNX Runtime", Runtime, other.Runtime, true);
        Compare("the seed", Seed, other.Seed, true);
        if (!allowMixedProcessors)
        {
            Compare("the class of processor", Processor, other.Processor, true);
        }

        return differences;
    }

    internal void Write(StatisticWriter writer)
    {
        foreach (string text in new[] { Graph, Weights, Data, Preprocess, Observation, Processor, Runtime })
        {
            writer.WriteText(text);
        }

        writer.WriteInt64((long)Seed);
        writer.WriteCount(Samples.Length);
        foreach (string name in Samples)
        {
            writer.WriteText(name);
        }
    }

    internal static StatisticsOrigin Read(StatisticReader reader)
    {
        return new StatisticsOrigin
        {
            Graph = reader.ReadText(),
            Weights = reader.ReadText(),
            Data = reader.ReadText(),
            Preprocess = reader.ReadText(),
            Observation = reader.ReadText(),
            Processor = reader.ReadText(),
            Runtime = reader.ReadText(),
            Seed = (ulong)reader.ReadInt64(),
            Samples = reader.ReadSeveral(1, r => r.ReadText()),
        };
    }
}

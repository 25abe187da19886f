using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Operators;

namespace Octet.Planning;

/// <summary>The plan for one node.</summary>
/// <param name="Key">Name of the node's first output, which identifies it.</param>
/// <param name="Name">The name for people.</param>
/// <param name="OpType">The operator.</param>
/// <param name="Decision">What becomes of it.</param>
/// <param name="Why">Why it stays float; null where it does not.</param>
public sealed record LayerPlan(string Key, string Name, string OpType, LayerDecision Decision, string? Why)
{
    /// <summary>What the operator does.</summary>
    public required OperatorRole Role { get; init; }

    /// <summary>Multiply-accumulates of one sample; 0 for operators without weights.</summary>
    public long MultiplyAccumulates { get; init; }

    /// <summary>Names of the activations that it reads quantized.</summary>
    public ImmutableArray<string> DataInputs { get; init; } = [];

    /// <summary>Names of the tensors that leave it quantized: its own outputs, or that of the clamp that it absorbs. Empty where a float leaves it.</summary>
    public ImmutableArray<string> DataOutputs { get; init; } = [];

    /// <summary>Whether the weights have a scale for each output channel.</summary>
    public bool PerChannelWeights { get; init; }

    /// <summary>Whether scales of the weights are powers of two.</summary>
    public bool PowerOfTwoScales { get; init; }

    /// <summary>Type of the weights; null where there are none.</summary>
    public QuantType? WeightType { get; init; }

    /// <summary>The node of <paramref name="graph"/> that this is the plan of.</summary>
    /// <exception cref="ArgumentException">The graph has no such node.</exception>
    public Node NodeIn(Graph graph)
        => graph.Find(Key)?.Producer ?? throw new ArgumentException($"The graph has no node that produces {Key}.", nameof(graph));
}

using Octet.Data;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// Runs a model piece by piece over several samples, each piece ending at one more value, and keeps between the pieces what later ones read.
/// Constants may be changed between two pieces, of nodes that no piece has passed yet. Integers are kept rather than the floats
/// that they stand for, so that a quantized model's samples take a quarter of the memory.
/// </summary>
internal sealed class StagedRuns
{
    private readonly Model model;
    private readonly int workers;
    private readonly HashSet<Node> passed = [];
    private readonly Dictionary<string, Tensor>[] kept;
    private readonly CancellationToken cancellationToken;

    /// <summary>Begins before the first node.</summary>
    /// <param name="model">The model, whose structure must not change meanwhile.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="workers">Runs side by side, ≥ 1.</param>
    /// <param name="cancellationToken">Ends a run.</param>
    public StagedRuns(Model model, IReadOnlyList<Sample> samples, int workers, CancellationToken cancellationToken)
    {
        this.model = model;
        this.workers = workers;
        this.cancellationToken = cancellationToken;
        kept = [.. samples.Select(s => new Dictionary<string, Tensor>(s.Inputs, StringComparer.Ordinal))];
    }

    /// <summary>Computes a value for all samples. All nodes that it depends on count as passed, but for the one that produces it.</summary>
    /// <param name="value">A value that a node of the main graph produces.</param>
    /// <param name="observe">Takes the sample's index and a run whose output 0 is the value; called by several threads.</param>
    public void RunTo(Value value, Action<int, SessionOutputs> observe)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (nodes, _) = GraphCloner.Ancestors([value], v => kept[0].ContainsKey(v.Name));
        passed.UnionWith(nodes.Where(n => n != value.Producer && !n.Is("DequantizeLinear")));
        string[] outputs =
            [value.Name, .. nodes.Where(passed.Contains).SelectMany(n => n.Outputs.OfType<Value>()).Where(IsNeeded).Select(v => v.Name)];
        var piece = model.Extract(kept[0].ToDictionary(k => k.Key, k => k.Value.Type, StringComparer.Ordinal), outputs);
        string[] inputs = [.. piece.Graph.Inputs.Select(i => i.Name)];

        // Pieces give together what one run gives, to the bit.
        using (var session = Open(piece, arena: false, GraphOptimization.Basic))
        {
            ParallelRuns.ForEach(kept.Length, workers, i =>
            {
                using var results = session.Run(kept[i], outputs, cancellationToken);
                observe(i, results);
                for (int o = 1; o < outputs.Length; o++)
                {
                    kept[i].Add(outputs[o], results.ToTensor(o));
                }
            }, cancellationToken);
        }

        foreach (string name in kept[0].Keys.Where(k => !IsNeeded(model.Graph.Find(k)!)).ToArray())
        {
            Array.ForEach(kept, k => k.Remove(name));
        }
    }

    /// <summary>Opens what no piece has passed yet.</summary>
    /// <param name="outputs">The wanted outputs.</param>
    /// <param name="free">Constants that each run gives another value, with their types.</param>
    public StagedRest OpenRest(IReadOnlyList<string> outputs, IReadOnlyDictionary<string, ElementType> free)
    {
        var inputs = kept[0].Select(k => KeyValuePair.Create(k.Key, k.Value.Type)).Concat(free);
        return new StagedRest(Open(model.Extract(new Dictionary<string, ElementType>(inputs, StringComparer.Ordinal), outputs), arena: true, GraphOptimization.All), outputs, kept);
    }

    private static FloatSession Open(Model piece, bool arena, GraphOptimization optimization)
        => new(piece, new FloatSessionOptions { Optimization = optimization, IntegerKernels = false, Arena = arena });

    private bool IsNeeded(Value value) => value.Uses.Any(u => Outermost(u.Node) is var reader && (reader.Is("DequantizeLinear")
        ? reader.Outputs.OfType<Value>().Any(IsNeeded)
        : !passed.Contains(reader)));

    // The node of the main graph inside which a node stands.
    private Node Outermost(Node node) => node.Graph == model.Graph ? node : model.Graph.Nodes.First(n => n.Subgraphs.Any(g => g.AllNodes.Contains(node)));
}

using Octet.Graphs;

namespace Octet.Analysis.Causes;

/// <summary>A batch normalization that could not become part of a layer's weights: it stays float, and tears the integer network apart.</summary>
public sealed class UnfoldedBatchNorm : Cause
{
    /// <inheritdoc/>
    public override string Name => "batch normalization left unfolded";

    /// <inheritdoc/>
    public override bool IsProvenByTrial => false;

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Graph.Nodes.Where(n => n.Is("BatchNormalization")).Select(n => new Suspicion(n.DisplayName, SignOf(n)));
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
        => [new Remedy("export the model in inference mode, with nothing but the normalization reading the layer before it", null)];

    private static string SignOf(Node norm)
    {
        if (norm.GetInt("training_mode", 0) != 0 || norm.Outputs.Count(o => o is not null) > 1)
        {
            return "it computes its statistics itself, as in training";
        }

        if (norm.Inputs.Skip(1).Any(v => v is not { IsConstant: true }))
        {
            return "its parameters are no constants";
        }

        var input = norm.Inputs[0]!;
        return input.Uses.Count > 1 || input.IsOutput
            ? $"\"{input.Name}\", which it normalizes, is read by others, too"
            : $"no layer with weights stands beside it, but {input.Producer?.OpType ?? "the model's input"}";
    }
}

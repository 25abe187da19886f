using Octet.Graphs;
using Octet.Operators;
using Octet.Rewrites;

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
    {
        ArgumentNullException.ThrowIfNull(evidence);
        const string Text = "export the model in inference mode, with nothing but the normalization reading the layer before it";
        return [evidence.Graph.Nodes.Any(n => LayerReadByOthers(n) is not null) ? new Remedy(Text, o => o) { Edit = WithLayersOfTheirOwn } : new Remedy(Text, null)];
    }

    // Such a layer twice, once for the normalization alone: computes the same, and can be folded.
    private static Model WithLayersOfTheirOwn(Model model)
    {
        var copy = model.Clone();
        foreach (var norm in copy.Graph.Nodes.ToArray())
        {
            if (LayerReadByOthers(norm) is { } layer)
            {
                var own = copy.Graph.Add(layer.OpType, layer.Inputs, copy.Graph.FreshName(layer.Output.Name + "_own"), layer.Domain, norm);
                foreach (var (name, value) in layer.Attributes)
                {
                    own.Producer!.SetAttribute(name, value);
                }

                norm.SetInput(0, own);
            }
        }

        new RewritePipeline([new FoldBatchNormalization()]).Run(copy);
        return copy;
    }

    private static Node? LayerReadByOthers(Node norm)
        => norm.Is("BatchNormalization") && norm.Inputs.Skip(1).All(v => v is { IsConstant: true }) && norm.Inputs[0] is { Producer: { } layer } input
            && (input.Uses.Count > 1 || input.IsOutput) && OperatorCatalog.RoleOf(layer) is OperatorRole.Weighted ? layer : null;

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

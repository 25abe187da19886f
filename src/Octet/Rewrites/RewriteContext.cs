using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>What a rewrite works on: the model, and what can be known of its values' types without running it.</summary>
/// <param name="model">The model, which rewrites change.</param>
public sealed class RewriteContext(Model model)
{
    private Dictionary<Value, TensorType>? inferred;

    /// <summary>The model.</summary>
    public Model Model => model;

    /// <summary>The main graph.</summary>
    public Graph Graph => model.Graph;

    /// <summary>
    /// Element type and dimensions of a value: as ONNX Runtime infers them in the main graph, else as the file states them. Null where
    /// nothing is known. A dimension of unknown size may be anything.
    /// </summary>
    public TensorType? TypeOf(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.IsConstant)
        {
            return TensorType.Of(value.Constant!.Type, value.Constant.Shape);
        }

        inferred ??= TypeInference.Run(model);
        return inferred.GetValueOrDefault(value) ?? value.TensorType;
    }

    /// <summary>Number of dimensions; null where it is not known.</summary>
    public int? RankOf(Value value) => TypeOf(value)?.Dimensions?.Length;

    /// <summary>The shape of a value where all its dimensions are known; else null.</summary>
    public Shape? ShapeOf(Value value)
        => TypeOf(value)?.Dimensions is { } dimensions && dimensions.All(d => d.Size is >= 0) ? new Shape([.. dimensions.Select(d => d.Size!.Value)]) : null;

    /// <summary>Forgets what was inferred, after a change.</summary>
    internal void Forget() => inferred = null;
}

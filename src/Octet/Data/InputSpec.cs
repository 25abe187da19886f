using System.Globalization;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>What a model wants of one input.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Dimensions">Its dimensions, null where the model takes any; the first one is the batch.</param>
public sealed record InputSpec(string Name, ElementType Type, IReadOnlyList<long?> Dimensions)
{
    /// <summary>What a model wants of the inputs that have no default.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ModelMalformed"/>: there is no such input, or one is no tensor or does not state how many dimensions it has.</exception>
    public static IReadOnlyList<InputSpec> ListOf(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var inputs = model.Graph.Inputs.Where(i => i.Constant is null).ToArray();
        if (inputs.Length == 0)
        {
            throw new OctetException(ErrorCodes.ModelMalformed, "the model has no inputs, so that there is nothing that samples could feed");
        }

        return [.. inputs.Select(i => i.TensorType is { Dimensions: { } dimensions } type
            ? new InputSpec(i.Name, type.ElementType, [.. dimensions.Select(d => d.Size is > 0 ? d.Size : null)])
            : throw new OctetException(
                ErrorCodes.ModelMalformed, $"input \"{i.Name}\" {(i.Type is null or TensorType ? "does not state its dimensions" : $"is {i.Type}, not a tensor")}", "Octet feeds tensors whose number of dimensions the model states"))];
    }

    /// <summary>Items of the fixed batch that one run takes, 1 where the model leaves the batch open or has no dimensions.</summary>
    internal long Batch => Dimensions.Count > 0 && Dimensions[0] is > 1 and var batch ? batch : 1;

    /// <summary>For example <c>Float32[?,3,224,224]</c>.</summary>
    internal string Wanted
        => $"{Type}[{string.Join(',', Dimensions.Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";
}

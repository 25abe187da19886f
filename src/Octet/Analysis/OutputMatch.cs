using System.Collections.Immutable;
using Octet.Inference;

namespace Octet.Analysis;

/// <summary>Which outputs of two models are compared: those of one name, or, where no name is in both, those at the same place.</summary>
/// <param name="Model">Names in the model.</param>
/// <param name="Reference">Names in the reference.</param>
internal sealed record OutputMatch(ImmutableArray<string> Model, ImmutableArray<string> Reference)
{
    /// <summary>The outputs of one model that can be read as numbers.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.UnsupportedOutput"/>: there are none.</exception>
    public static ImmutableArray<string> Readable(FloatSession session)
    {
        ImmutableArray<string> names = [.. session.Outputs.Where(o => OutputValues.CanRead(o.ElementType)).Select(o => o.Name)];
        return names.Length > 0 ? names : throw new OctetException(
            ErrorCodes.UnsupportedOutput,
            $"none of the model's outputs is a tensor of numbers: {string.Join(", ", session.Outputs.Select(o => $"\"{o.Name}\" is {o.ElementType}"))}");
    }

    /// <summary>Matches the outputs of two models.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputsMismatched"/>: the model lacks an output of the reference.</exception>
    public static OutputMatch Of(FloatSession model, FloatSession reference)
    {
        var ours = Readable(model);
        var theirs = Readable(reference);
        if (!theirs.Intersect(ours).Any() && ours.Length == theirs.Length)
        {
            return new OutputMatch(ours, theirs);
        }

        return theirs.FirstOrDefault(t => !ours.Contains(t)) is { } missing
            ? throw new OctetException(
                ErrorCodes.OutputsMismatched,
                $"the model has no output \"{missing}\" as its reference has; it has {string.Join(", ", ours.Select(o => $"\"{o}\""))}",
                "compare a model with the one that it was made from")
            : new OutputMatch(theirs, theirs);
    }
}

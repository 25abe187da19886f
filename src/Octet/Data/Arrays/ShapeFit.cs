using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>Fits arrays to the shapes that a model's inputs take.</summary>
internal static class ShapeFit
{
    /// <summary>
    /// Gives a row (without batch) or a whole sample the input's shape with a batch of 1. Dimensions of 1 may be missing or too many
    /// ([48,32] fits [?,1,48,32]); everything else must agree.
    /// </summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.SampleShape"/>.</exception>
    internal static Tensor Fit(Tensor values, InputSpec spec, string place)
    {
        var wanted = spec.Dimensions;
        var given = values.Shape.Dimensions;
        if (Matches(given.AsSpan(), wanted))
        {
            return values;
        }

        if (wanted.Count == given.Length + 1 && Matches([1, .. given], wanted))
        {
            return values.Reshape(new Shape([1, .. given]));
        }

        var dimensions = new long[wanted.Count];
        var rest = new Queue<long>(given.Where(d => d != 1));
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            bool batch = axis == 0 && wanted.Count > 1;
            dimensions[axis] = batch || wanted[axis] == 1 || rest.Count == 0 ? 1 : rest.Dequeue();
        }

        return rest.Count == 0 && Matches(dimensions, wanted) ? values.Reshape(new Shape(dimensions)) : throw Error(values.Shape, spec, place);
    }

    /// <summary>Checks that a shape with a batch of 1 is one that the input takes.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.SampleShape"/>.</exception>
    internal static void Check(Shape shape, InputSpec spec, string place)
    {
        if (!Matches(shape.Dimensions.AsSpan(), spec.Dimensions))
        {
            throw Error(shape, spec, place);
        }
    }

    /// <summary>Whether a model can be run with values of a shape, batch included.</summary>
    internal static bool IsTaken(Shape shape, InputSpec spec)
        => shape.Rank == spec.Dimensions.Count && shape.Dimensions.Zip(spec.Dimensions, (given, wanted) => wanted is null || wanted == given).All(fits => fits);

    /// <summary>Whether dimensions with a batch of 1 are what an input takes; its own batch, fixed or not, is filled by grouping samples.</summary>
    private static bool Matches(ReadOnlySpan<long> dimensions, IReadOnlyList<long?> wanted)
    {
        if (dimensions.Length != wanted.Count)
        {
            return false;
        }

        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            bool fits = wanted[axis] is not { } size || dimensions[axis] == size || (axis == 0 && wanted.Count > 1 && dimensions[0] == 1);
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static OctetException Error(Shape shape, InputSpec spec, string place)
        => new(ErrorCodes.SampleShape, $"{place} gives values {shape}, but input \"{spec.Name}\" takes {spec.Wanted}", "preprocessing may change the size and layout (--preprocess)");
}

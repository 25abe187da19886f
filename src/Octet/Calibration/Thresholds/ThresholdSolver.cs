using Octet.Calibration.Thresholds.Ppq;
using Octet.Numerics;

namespace Octet.Calibration.Thresholds;

/// <summary>Runs threshold methods on plain values, given as successive batches.</summary>
public static class ThresholdSolver
{
    /// <summary>The range, scale and zero point that a method chooses.</summary>
    /// <param name="method">The method.</param>
    /// <param name="batches">Values of any shape, of a real or integer type.</param>
    /// <param name="type">The type to quantize to, 2 to 16 bits.</param>
    /// <param name="scheme">
    /// With <see cref="QuantScheme.PowerOfTwo"/> PPQ's methods round as they do; what other methods choose is rounded up to the next power of two,
    /// so that nothing more is clipped; isotone, which knows no power of two, is left as it is.
    /// </param>
    /// <param name="given">Parameters of the method, by name; null for none.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>, <see cref="ErrorCodes.UnknownName"/>: a parameter is wrong;
    /// <see cref="ErrorCodes.TensorNotFinite"/>: a value is not finite.</exception>
    public static ThresholdResult Solve(
        IThresholdMethod method, IReadOnlyList<Tensor> batches, QuantType type, QuantScheme scheme, IReadOnlyDictionary<string, double>? given = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(batches);
        bool symmetric = scheme != QuantScheme.Asymmetric;
        var settings = SettingsFor(method, scheme, given);
        ThrowIfNotFinite(batches);
        var statistics = TensorStatistics.Of(batches, method.Needs(type, symmetric, settings));
        var result = method.Compute(statistics, type, symmetric, settings);
        return result with { Params = ParamsOf(method, result, type, scheme) };
    }

    /// <summary>Settings of a method for a scheme: PPQ's methods are told to round to powers of two where it has these.</summary>
    /// <param name="method">The method.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="given">Parameters of the method, by name; null for none.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>, <see cref="ErrorCodes.UnknownName"/>: a parameter is wrong, or contradicts the scheme.</exception>
    public static ThresholdSettings SettingsFor(IThresholdMethod method, QuantScheme scheme, IReadOnlyDictionary<string, double>? given = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        var parameters = new Dictionary<string, double>(given ?? new Dictionary<string, double>(), StringComparer.Ordinal);
        if (scheme == QuantScheme.PowerOfTwo && Rounds(method))
        {
            if (parameters.Any(p => PpqScale.PowerOfTwo.IsCalled(p.Key) && p.Value == 0))
            {
                throw new OctetException(
                    ErrorCodes.InvalidUsage, $"{PpqScale.PowerOfTwo.Name} of the threshold method {method.Name} is 0, where all scales are powers of two", "leave it out, or take another scheme or target");
            }

            parameters[PpqScale.PowerOfTwo.Name] = 1;
        }

        return new ThresholdSettings(method, parameters);
    }

    /// <summary>Scale and zero point for what a method found; other methods than PPQ's are rounded up to the next power of two where the scheme has these.</summary>
    /// <param name="method">The method.</param>
    /// <param name="result">What it found.</param>
    /// <param name="type">The type to quantize to.</param>
    /// <param name="scheme">The scheme.</param>
    public static QuantParams ParamsOf(IThresholdMethod method, ThresholdResult result, QuantType type, QuantScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(result);
        var parameters = result.ToQuantParams(type, scheme != QuantScheme.Asymmetric);
        return scheme == QuantScheme.PowerOfTwo && method is not IsotoneThreshold
            ? new QuantParams(type, PowerOfTwo.AtLeast(result.ToQuantParams(type, symmetric: true).Scale), PpqScale.Middle(type))
            : parameters;
    }

    private static bool Rounds(IThresholdMethod method) => method.Parameters.Contains(PpqScale.PowerOfTwo);

    /// <summary>As the other, for each index along an axis by itself.</summary>
    /// <param name="method">The method.</param>
    /// <param name="batches">Values with equally many indices along the axis.</param>
    /// <param name="axis">The axis; negative ones count from the last.</param>
    /// <param name="type">The type to quantize to, 2 to 16 bits.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="given">Parameters of the method, by name; null for none.</param>
    /// <exception cref="OctetException">As for the other; <see cref="ErrorCodes.InvalidUsage"/>: a batch has no such axis, or another length along it.</exception>
    public static IReadOnlyList<ThresholdResult> SolveAlong(
        IThresholdMethod method, IReadOnlyList<Tensor> batches, int axis, QuantType type, QuantScheme scheme, IReadOnlyDictionary<string, double>? given = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Tensor[][] slices = [.. batches.Select(b => Slices(b, axis))];
        if (slices.Length == 0 || slices.Any(s => s.Length != slices[0].Length))
        {
            throw new OctetException(
                ErrorCodes.InvalidUsage, $"along axis {axis} the batches have {string.Join(", ", slices.Select(s => s.Length).Distinct())} indices", "give batches of equal length along it");
        }

        return [.. Enumerable.Range(0, slices[0].Length).Select(c => Solve(method, [.. slices.Select(s => s[c])], type, scheme, given))];
    }

    private static Tensor[] Slices(Tensor tensor, int axis)
    {
        int at = axis < 0 ? tensor.Shape.Rank + axis : axis;
        if (at < 0 || at >= tensor.Shape.Rank)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"values of shape {tensor.Shape} have no axis {axis}", "name an axis that all batches have, the first being 0");
        }

        float[] values = tensor.ToFloats();
        int count = (int)tensor.Shape[at];
        int inner = 1;
        for (int i = at + 1; i < tensor.Shape.Rank; i++)
        {
            inner *= (int)tensor.Shape[i];
        }

        var shape = new Shape([.. tensor.Shape.Dimensions.Where((_, i) => i != at)]);
        return [.. Enumerable.Range(0, count).Select(c =>
        {
            float[] slice = new float[shape.Count];
            for (int outer = 0; outer < slice.Length / Math.Max(1, inner); outer++)
            {
                values.AsSpan((outer * count + c) * inner, inner).CopyTo(slice.AsSpan(outer * inner));
            }

            return Tensor.FromArray(ElementType.Float32, slice, shape);
        })];
    }

    private static void ThrowIfNotFinite(IReadOnlyList<Tensor> batches)
    {
        for (int i = 0; i < batches.Count; i++)
        {
            int bad = Array.FindIndex(batches[i].ToFloats(), v => !float.IsFinite(v));
            if (bad >= 0)
            {
                throw new OctetException(
                    ErrorCodes.TensorNotFinite, $"value {bad} of batch {i} is {(float.IsNaN(batches[i].ToFloats()[bad]) ? "NaN" : "infinite")}", "a range is chosen for finite values only");
            }
        }
    }
}

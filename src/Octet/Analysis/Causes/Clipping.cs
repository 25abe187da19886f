namespace Octet.Analysis.Causes;

/// <summary>A range that cuts off values which matter: most of a layer's error comes from input values outside it.</summary>
public sealed class Clipping : Cause
{
    /// <inheritdoc/>
    public override string Name => "clipping";

    /// <inheritdoc/>
    public override IEnumerable<Suspicion> Find(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var layer in evidence.NoisyLayers)
        {
            var parts = evidence.Noise.PartsOf(layer.Key);
            if (parts.ActivationClipping > parts.ActivationRounding + parts.WeightRounding && evidence.Tensors.TryGetValue(layer.DataInputs[0], out var input))
            {
                var parameters = evidence.Plan.ParamsOf(layer.DataInputs[0]);
                yield return new Suspicion(
                    layer.Name,
                    FormattableString.Invariant($"its input lies from {input.Min:G3} to {input.Max:G3}, its range from {parameters.RealMin():G3} to {parameters.RealMax():G3}: {input.Clip:0.000%} of the values are cut off"),
                    layer.Key);
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return new[] { "auto", "max" }.Where(m => m != evidence.Options.Method).Select(m => new Remedy($"--method {m}", o => o with { Method = m }));
    }
}

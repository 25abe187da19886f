using Octet.Analysis;
using Octet.Calibration.Thresholds;
using Octet.Planning.Targets;

namespace Octet;

/// <summary>Refuses options that a mode would not obey.</summary>
internal static class ModeOptions
{
    /// <summary>Checks options against their mode.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>.</exception>
    public static void Check(QuantizerOptions options)
    {
        string mode = options.Mode.ToString().ToLowerInvariant();
        var (allowed, remedy) = options.Mode switch
        {
            QuantizationMode.Static => (options.WeightBits is >= 2 and <= 8, "give 2 to 8"),
            QuantizationMode.Weights => (options.WeightBits is 4 or 8, "give 8 or 4"),
            _ => (options.WeightBits == 8, "its kernels take 8 bits"),
        };
        if (!allowed)
        {
            throw Usage($"weights of {options.WeightBits} bits in mode {mode}", remedy);
        }

        if (options.ActivationBits is not (8 or 16) || (options.ActivationBits != 8 && options.Mode != QuantizationMode.Static))
        {
            throw Usage($"activations of {options.ActivationBits} bits in mode {mode}", "give 8, or in mode static 16");
        }

        if ((options.Mode != QuantizationMode.Static || options.Effort == Effort.Fast) && new[] { options.Equalization, options.Smoothing, options.Splitting, options.ChannelGrouping }.Contains(RefinementUse.Always))
        {
            throw Usage($"equalization {options.Equalization}, smoothing {options.Smoothing}, splitting {options.Splitting} and channel grouping {options.ChannelGrouping} in mode {mode} at effort {options.Effort}", "they need mode static and effort normal or high");
        }

        if (options.Plan is { } plan)
        {
            if (options.Mode != QuantizationMode.Static)
            {
                throw Usage($"a plan in mode {mode}", "only mode static has ranges of activations");
            }

            plan.RequireTarget(options.Target);
            if (WorstLayers.Split(options.KeepFloat).Count > 0)
            {
                throw Usage("worst:N with a plan", "the plan has no ranges for the layers that it found: name them in --keep-float as the report does");
            }
        }

        if (options.Mode == QuantizationMode.Static)
        {
            if (options.Form == OutputForm.QOperator && options.NeedNewOperators())
            {
                throw Usage($"form {options.Form} with weights of fewer than 5 or activations of more than 8 bits", "ONNX's integer operators take 8 bits: leave the form out");
            }

            return;
        }

        if (options.Form != OutputForm.Qdq)
        {
            throw Usage($"form {options.Form} in mode {mode}", "only mode static has two forms");
        }

        if (options.Target != TargetCatalog.All[0].Name)
        {
            throw Usage($"target {options.Target} in mode {mode}", $"this mode is for {TargetCatalog.All[0].Name} alone");
        }

        if (options.Method != ThresholdMethods.Auto)
        {
            throw Usage($"threshold method {options.Method} in mode {mode}", "this mode calibrates nothing");
        }

        if (options.Parameters.Keys.FirstOrDefault() is { } parameter)
        {
            throw Usage($"parameter {parameter} of a threshold method in mode {mode}", "this mode calibrates nothing");
        }

        if (options.Layers.Count > 0)
        {
            throw Usage($"the layer setting \"{options.Layers[0]}\" in mode {mode}", "only mode static chooses layer by layer; --keep-float works in all");
        }

        if (options.KeepFloat.FirstOrDefault(word => word.StartsWith("worst:", StringComparison.Ordinal)) is { } worst)
        {
            throw Usage($"\"{worst}\" in mode {mode}", "without samples there is no measure of what is worst: name the layers");
        }
    }

    private static OctetException Usage(string problem, string remedy) => new(ErrorCodes.InvalidUsage, problem + " cannot be had", remedy);
}

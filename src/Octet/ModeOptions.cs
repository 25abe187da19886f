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
        if (options.WeightBits is not (4 or 8))
        {
            throw Usage($"weights of {options.WeightBits} bits", "give 8 or 4");
        }

        if (options.WeightBits != 8 && options.Mode != QuantizationMode.Weights)
        {
            throw Usage($"weights of {options.WeightBits} bits in mode {mode}", "integer kernels take 8 bits; 4 goes with mode weights");
        }

        if (options.Mode == QuantizationMode.Static)
        {
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

using Octet.Dialects.Ppq.Settings;

namespace Octet.Dialects.Ppq;

/// <summary>
/// PPQ 0.6.6's QuantizationSetting (ppq/api/setting.py) with the same names and defaults: everything that can be said about a quantization. What Octet does not
/// do is refused when it is switched on, never ignored; training (LSQ) alone is left out with a warning.
/// </summary>
public sealed record QuantizationSetting
{
    /// <summary>conservative, aggresive (PPQ's spelling), pplnn or pointwise.</summary>
    public string Dispatcher { get; init; } = "conservative";

    /// <summary>What is done to the graph at first.</summary>
    public GraphFormatSetting GraphFormatSetting { get; init; } = new();

    /// <summary>Whether SSD equalization runs.</summary>
    public bool SsdEqualization { get; init; }

    /// <summary>Its options.</summary>
    public SsdEqualizationSetting SsdSetting { get; init; } = new();

    /// <summary>Whether layerwise equalization runs.</summary>
    public bool Equalization { get; init; }

    /// <summary>Its options.</summary>
    public EqualizationSetting EqualizationSetting { get; init; } = new();

    /// <summary>Whether weights are split.</summary>
    public bool WeightSplit { get; init; }

    /// <summary>Its options.</summary>
    public WeightSplitSetting WeightSplitSetting { get; init; } = new();

    /// <summary>Whether channels are split.</summary>
    public bool ChannelSplit { get; init; }

    /// <summary>Its options.</summary>
    public ChannelSplitSetting ChannelSplitSetting { get; init; } = new();

    /// <summary>Whether weights are factorized.</summary>
    public bool MatrixFactorization { get; init; }

    /// <summary>Its options.</summary>
    public MatrixFactorizationSetting MatrixFactorizationSetting { get; init; } = new();

    /// <summary>Whether activations are quantized. Where not, biases stay float, too: what they are rounded to hangs on the input's scale.</summary>
    public bool QuantizeActivation { get; init; } = true;

    /// <summary>How.</summary>
    public ActivationQuantizationSetting QuantizeActivationSetting { get; init; } = new();

    /// <summary>Whether weights, biases and constant operands are quantized.</summary>
    public bool QuantizeParameter { get; init; } = true;

    /// <summary>How.</summary>
    public ParameterQuantizationSetting QuantizeParameterSetting { get; init; } = new();

    /// <summary>Whether weights and scales are trained.</summary>
    public bool LsqOptimization { get; init; }

    /// <summary>Its options.</summary>
    public LsqSetting LsqOptimizationSetting { get; init; } = new();

    /// <summary>Whether rounding is trained.</summary>
    public bool BlockwiseReconstruction { get; init; }

    /// <summary>Its options.</summary>
    public BlockwiseReconstructionSetting BlockwiseReconstructionSetting { get; init; } = new();

    /// <summary>Whether biases are corrected.</summary>
    public bool BiasCorrect { get; init; }

    /// <summary>Its options.</summary>
    public BiasCorrectionSetting BiasCorrectSetting { get; init; } = new();

    /// <summary>Whether tensors share scales.</summary>
    public bool Fusion { get; init; } = true;

    /// <summary>Which.</summary>
    public QuantizationFusionSetting FusionSetting { get; init; } = new();

    /// <summary>Whether an extension runs.</summary>
    public bool Extension { get; init; }

    /// <summary>Its options.</summary>
    public TemplateSetting ExtensionSetting { get; init; } = new();

    /// <summary>The version of PPQ whose names these are.</summary>
    public string Version { get; init; } = "0.6.6";

    /// <summary>Who wrote the file.</summary>
    public string Signature { get; init; } = "PPL Quantization Tool";

    /// <summary>Platforms of single operators.</summary>
    public DispatchingTable DispatchingTable { get; init; } = new();

    /// <summary>The settings as PPQ writes them: sorted names, four spaces.</summary>
    public string ToJson() => SettingJson.Write(this, SettingJson.Context.QuantizationSetting);

    /// <summary>Reads settings that PPQ wrote, of any version.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What errors call it, its path for example.</param>
    /// <param name="warnings">Told names that this version of PPQ does not have; they are left out, as PPQ does.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: it is no JSON of such settings.</exception>
    public static QuantizationSetting FromJson(string json, string place, ICollection<string> warnings)
        => SettingJson.Read(json, place, new QuantizationSetting(), SettingJson.Context.QuantizationSetting, warnings);

    /// <summary>The factories of PPQ's QuantizationSettingFactory, by platform; the default one for platforms without their own.</summary>
    /// <param name="platform">PPQ's name of the platform.</param>
    public static QuantizationSetting For(string platform) => platform switch
    {
        "FPGA_INT8" => new() { Equalization = true, EqualizationSetting = new() { IncludingBias = true } },
        "PPL_DSP_INT8" or "PPL_DSP_TI_INT8" or "SNPE_INT8" or "QNN_DSP_INT8" => new() { Equalization = true, EqualizationSetting = new() { Iterations = 3 } },
        "METAX_INT8_T" => new() { Equalization = true },
        _ => new(),
    };
}

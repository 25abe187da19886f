using Octet.Dialects.Ppq.Settings;

namespace Octet.Dialects.Ppq;

/// <summary>Refuses settings that Octet does not do.</summary>
internal static class SettingChecks
{
    private static readonly string[] OfSeveral = ["None", "Align to Large", "Align to Output"];
    private static readonly string[] OfOne = ["None", "Align to Input", "Align to Output"];

    /// <summary>Checks settings.</summary>
    /// <param name="setting">The settings.</param>
    /// <param name="platform">The platform that they are for.</param>
    /// <returns>What is left out, a sentence each.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: the first setting that is switched on and not done, and what to do.</exception>
    public static IReadOnlyList<string> Run(QuantizationSetting setting, TargetPlatform platform)
    {
        RefuseIf(setting.BlockwiseReconstruction, "blockwise_reconstruction");
        RefuseIf(setting.Extension, "extension");
        RefuseUnless(setting.Fusion, "fusion");
        var fusion = setting.FusionSetting;
        RefuseUnless(fusion.RemoveUselessQuantization, "fusion_setting.remove_useless_quantization");
        RefuseUnless(fusion.FuseActivation, "fusion_setting.fuse_activation");
        RefuseUnless(fusion.FusePassiveOp, "fusion_setting.fuse_passive_op");
        RefuseUnless(fusion.ForceAlignmentOverlap, "fusion_setting.force_alignment_overlap");
        RefuseUnlessAmong(fusion.AlignElementwiseTo, OfSeveral, "align_elementwise_to");
        RefuseUnlessAmong(fusion.AlignConcatTo, OfSeveral, "align_concat_to");
        RefuseUnlessAmong(fusion.AlignAvgpoolingTo, OfOne, "align_avgpooling_to");
        RefuseUnlessAmong(fusion.AlignResizeTo, OfOne, "align_resize_to");
        RefuseUnless(setting.GraphFormatSetting == new GraphFormatSetting(), "graph_format_setting", "its defaults");
        if (setting is { BiasCorrect: true, QuantizeParameter: false })
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, "bias_correct changes the biases of rounded weights, and quantize_parameter is off", "switch one of them");
        }

        var warnings = new List<string>();
        if (setting.LsqOptimization)
        {
            warnings.Add($"PPQ trains weights for {setting.LsqOptimizationSetting.Steps} steps here (lsq_optimization, finetune_steps); Octet does not yet, and goes on without");
        }

        if (platform.Bias is not null && setting is { QuantizeActivation: false, QuantizeParameter: true, QuantizeParameterSetting.QuantizePassiveParameter: true })
        {
            warnings.Add($"with quantize_activation off biases stay float, since inputs have no scale to round them with; PPQ ends with an error here for {platform.Name} unless quantize_passive_parameter is off");
        }

        return warnings;
    }

    /// <summary>Refuses integers of a network that has floats by its settings.</summary>
    /// <param name="setting">The settings.</param>
    /// <param name="meaning">What the written model computes.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: activations or parameters are not quantized.</exception>
    public static void CheckMeaning(QuantizationSetting setting, PpqMeaning meaning)
    {
        if (meaning == PpqMeaning.Integer && (!setting.QuantizeActivation || !setting.QuantizeParameter))
        {
            string name = setting.QuantizeActivation ? "quantize_parameter" : "quantize_activation";
            throw new OctetException(ErrorCodes.DialectUnsupported, $"integers cannot compute a network in which {name} is off", $"take the meaning simulation, or leave {name} at true");
        }
    }

    private static void RefuseIf(bool isOn, string name)
    {
        if (isOn)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"the setting {name} asks for what Octet does not do as PPQ does", $"set {name} to false");
        }
    }

    private static void RefuseUnless(bool isOn, string name, string must = "true")
    {
        if (!isOn)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"the setting {name} asks for what Octet does not do as PPQ does", $"leave {name} at {must}");
        }
    }

    private static void RefuseUnlessAmong(string word, string[] known, string name)
    {
        if (!known.Contains(word))
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"fusion_setting.{name} is \"{word}\", which PPQ refuses, too", $"take {string.Join(", ", known[..^1])} or {known[^1]}");
        }
    }
}

using Octet.Dialects.Ppq.Settings;

namespace Octet.Dialects.Ppq;

/// <summary>Refuses settings that Octet does not do.</summary>
internal static class SettingChecks
{
    /// <summary>Checks settings.</summary>
    /// <returns>What is left out, a sentence each.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: the first setting that is switched on and not done, and what to do.</exception>
    public static IReadOnlyList<string> Run(QuantizationSetting setting)
    {
        RefuseIf(setting.BlockwiseReconstruction, "blockwise_reconstruction");
        RefuseIf(setting.Extension, "extension");
        RefuseUnless(setting.QuantizeActivation, "quantize_activation");
        RefuseUnless(setting.QuantizeParameter, "quantize_parameter");
        RefuseUnless(setting.QuantizeParameterSetting.BakingParameter, "quantize_parameter_setting.baking_parameter");
        RefuseUnless(setting.Fusion, "fusion");
        var fusion = setting.FusionSetting;
        RefuseUnless(fusion with { AlignElementwiseTo = "Align to Large", AlignAvgpoolingTo = "None" } == new QuantizationFusionSetting(), "fusion_setting", "its defaults, but for align_elementwise_to and align_avgpooling_to");
        RefuseUnless(fusion.AlignElementwiseTo is "Align to Large" or "Align to Output" or "None", "fusion_setting.align_elementwise_to", "Align to Large, Align to Output or None");
        RefuseUnless(fusion.AlignAvgpoolingTo is "None" or "Align to Input" or "Align to Output", "fusion_setting.align_avgpooling_to", "None, Align to Input or Align to Output");
        RefuseUnless(setting.GraphFormatSetting == new GraphFormatSetting(), "graph_format_setting", "its defaults");
        return setting.LsqOptimization
            ? [$"PPQ trains weights for {setting.LsqOptimizationSetting.Steps} steps here (lsq_optimization, finetune_steps); Octet does not yet, and goes on without"]
            : [];
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
}

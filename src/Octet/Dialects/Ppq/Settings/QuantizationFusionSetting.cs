namespace Octet.Dialects.Ppq.Settings;

/// <summary>What is quantized together.</summary>
public sealed record QuantizationFusionSetting
{
    /// <summary>Whether a tensor is quantized once only.</summary>
    public bool RemoveUselessQuantization { get; init; } = true;

    /// <summary>Whether a rectifier shares the scale of the layer before it.</summary>
    public bool FuseActivation { get; init; } = true;

    /// <summary>Whether what moves values shares the scale of its input.</summary>
    public bool FusePassiveOp { get; init; } = true;

    /// <summary>Whether anything is aligned.</summary>
    public bool AlignQuantization { get; init; } = true;

    /// <summary>What average pools align: None, Align to Input or Align to Output.</summary>
    public string AlignAvgpoolingTo { get; init; } = "None";

    /// <summary>What sums align: None, Align to Large or Align to Output.</summary>
    public string AlignElementwiseTo { get; init; } = "Align to Large";

    /// <summary>What joins align: None, Align to Large or Align to Output.</summary>
    public string AlignConcatTo { get; init; } = "Align to Output";

    /// <summary>What resizing aligns: None, Align to Input or Align to Output.</summary>
    public string AlignResizeTo { get; init; } = "Align to Output";

    /// <summary>Whether alignment reaches upstream.</summary>
    public bool ForceAlignmentOverlap { get; init; } = true;
}

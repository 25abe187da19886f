namespace Octet.Planning.Targets;

/// <summary>FPGAs and small processors without multipliers to spare for rescaling: PPQ's platform FPGA_INT8.</summary>
public static class FpgaInt8Target
{
    /// <summary>The table: that of <see cref="GenericTarget"/> with powers of two as scales.</summary>
    public static Target Table { get; } = GenericTarget.Table with
    {
        Name = "fpga-int8",
        Description = "int8 activations and weights, symmetric, one scale a tensor, all scales powers of two",
        PowerOfTwoScales = true,
    };
}

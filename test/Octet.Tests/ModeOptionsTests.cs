namespace Octet.Tests;

public sealed class ModeOptionsTests
{
    public static TheoryData<QuantizerOptions> Refused =>
    [
        new() { WeightBits = 1 },
        new() { WeightBits = 9 },
        new() { WeightBits = 4, Form = OutputForm.QOperator },
        new() { ActivationBits = 12 },
        new() { ActivationBits = 16, Form = OutputForm.QOperator },
        new() { Mode = QuantizationMode.Dynamic, ActivationBits = 16 },
        new() { Mode = QuantizationMode.Dynamic, WeightBits = 4 },
        new() { Mode = QuantizationMode.Weights, WeightBits = 3 },
        new() { Mode = QuantizationMode.Weights, Form = OutputForm.QOperator },
        new() { Mode = QuantizationMode.Dynamic, Form = OutputForm.QOperator },
        new() { Mode = QuantizationMode.Dynamic, Target = "generic" },
        new() { Mode = QuantizationMode.Weights, Method = "mse" },
        new() { Parameters = new Dictionary<string, double> { ["percentile"] = 99 } },
        new() { Mode = QuantizationMode.Weights, KeepFloat = ["worst:3"] },
        new() { Mode = QuantizationMode.Dynamic, Smoothing = RefinementUse.Always },
        new() { Effort = Effort.Fast, Smoothing = RefinementUse.Always },
        new() { Effort = Effort.Fast, Splitting = RefinementUse.Always },
        new() { Mode = QuantizationMode.Weights, Splitting = RefinementUse.Always },
        new() { Mode = QuantizationMode.Dynamic, ChannelGrouping = RefinementUse.Always },
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Quantizer_WithOptionsThatItsModeWouldNotObey_IsRefused(QuantizerOptions options)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => new Quantizer(options)).Code);

    [Fact]
    public void Quantizer_WithOptionsThatItsModeObeys_IsMade()
    {
        _ = new Quantizer(new QuantizerOptions());
        _ = new Quantizer(new QuantizerOptions { Mode = QuantizationMode.Weights, WeightBits = 4, KeepFloat = ["Gather"] });
        _ = new Quantizer(new QuantizerOptions { Mode = QuantizationMode.Dynamic });
        _ = new Quantizer(new QuantizerOptions { WeightBits = 2, ActivationBits = 16 });
        _ = new Quantizer(new QuantizerOptions { WeightBits = 5, Form = OutputForm.QOperator });
    }
}

namespace Octet.Tests;

public sealed class LayerSettingTests
{
    [Theory]
    [InlineData("conv1: method=max", "conv1: method=max")]
    [InlineData("a:b/conv*:threshold=2.5", "a:b/conv*: threshold=2.5")]
    [InlineData(" Conv : th_scale=0.9,bits=6  weights=per-tensor ", "Conv: factor=0.9 weight-bits=6 weights=per-tensor")]
    [InlineData("depthwise: float", "depthwise: float")]
    [InlineData("x: forward_with_float=true", "x: float")]
    public void Parse_ReadsWhatUsersWrite(string text, string canonical)
    {
        Assert.Equal(canonical, LayerSetting.Parse(text).ToString());
        Assert.Equal(LayerSetting.Parse(text), LayerSetting.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("conv1")]
    [InlineData("conv1:")]
    [InlineData(": method=max")]
    [InlineData("conv1: metod=max")]
    [InlineData("conv1: method")]
    [InlineData("conv1: factor=0")]
    [InlineData("conv1: factor=NaN")]
    [InlineData("conv1: threshold=-1")]
    [InlineData("conv1: threshold=1e300")]
    [InlineData("conv1: weight-bits=9")]
    [InlineData("conv1: weights=per-row")]
    [InlineData("conv1: float method=max")]
    [InlineData("conv1: threshold=1 factor=2")]
    public void Parse_OfWhatCannotBeMeant_IsACodedError(string text)
        => Assert.Equal(ErrorCodes.InvalidUsage, Assert.Throws<OctetException>(() => LayerSetting.Parse(text)).Code);
}

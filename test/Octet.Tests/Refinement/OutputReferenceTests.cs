using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class OutputReferenceTests
{
    [Fact]
    public void IsBetter_WhenEverySampleGains_IsTrue()
        => Assert.True(OutputReference.IsBetter([1, 2, 3, 4], [1.5, 2.4, 3.6, 4.5]));

    [Fact]
    public void IsBetter_WhenOneSampleMakesTheGain_IsFalse()
        => Assert.False(OutputReference.IsBetter([1, 2, 3, 4], [1, 2, 3, 9]));

    [Fact]
    public void IsBetter_WhenNothingDiffers_IsFalse()
        => Assert.False(OutputReference.IsBetter([1, 2], [1, 2]));
}

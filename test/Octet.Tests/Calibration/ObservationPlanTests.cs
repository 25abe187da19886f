using Octet.Calibration;

namespace Octet.Tests.Calibration;

public sealed class ObservationPlanTests
{
    private static readonly (string, long)[] Tensors = [("a", 10_000_000), ("b", 10_000_000), ("c", 10_000_000), ("d", 1_000_000)];

    [Fact]
    public void Of_WithRoomForAll_IsOneGroup() => Assert.Single(ObservationPlan.Of(Tensors, 0, 1_000_000_000, 100_000_000, 10_000_000, 4).Groups);

    [Fact]
    public void Of_WithRoomForSome_KeepsTheOrderAndEveryTensor()
    {
        var plan = ObservationPlan.Of(Tensors, 0, 175_000_000, 100_000_000, 10_000_000, 2);
        Assert.Equal(["a", "b", "c", "d"], plan.Groups.SelectMany(g => g));
        Assert.True(plan.Groups.Length > 1);
        Assert.Equal(2, plan.Workers);
    }

    [Fact]
    public void Of_WithRoomForOneAtATime_TakesFewerWorkers() => Assert.Equal(1, ObservationPlan.Of(Tensors, 0, 128_000_000, 100_000_000, 10_000_000, 4).Workers);

    [Fact]
    public void Of_WithoutRoom_SaysHowMuchIsNeeded()
    {
        var error = Assert.Throws<OctetException>(() => ObservationPlan.Of(Tensors, 0, 105_000_000, 100_000_000, 10_000_000, 1));
        Assert.Equal(ErrorCodes.MemoryLimitTooSmall, error.Code);
        Assert.Contains("at least 126 MB", error.Message, StringComparison.Ordinal);
    }
}

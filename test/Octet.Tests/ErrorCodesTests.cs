using System.Reflection;
using System.Text.RegularExpressions;

namespace Octet.Tests;

public sealed class ErrorCodesTests
{
    private static readonly string[] All =
        [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(constant => constant.IsLiteral).Select(constant => (string)constant.GetRawConstantValue()!)];

    public static TheoryData<string> Codes => [.. All];

    [Fact]
    public void Codes_AreUnique() => Assert.Empty(All.GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key));

    [Theory]
    [MemberData(nameof(Codes))]
    public void ExitStatus_OfEveryCode_FollowsItsRange(string code)
    {
        Assert.Matches(new Regex("^OCT[12349][0-9]{3}$"), code);
        Assert.Contains(ErrorCodes.ExitStatusOf(code), new[] { 1, 2, 3, 4, 70 });
    }

    [Theory]
    [InlineData("OCT1203", 4)]
    [InlineData("OCT2001", 2)]
    [InlineData("OCT3001", 3)]
    [InlineData("OCT4001", 1)]
    [InlineData("OCT4101", 2)]
    [InlineData("OCT9000", 70)]
    public void ExitStatus_OfACode_IsItsRanges(string code, int status) => Assert.Equal(status, ErrorCodes.ExitStatusOf(code));

    [Theory]
    [InlineData("OCT5001")]
    [InlineData("OCT12034")]
    [InlineData("ABC1203")]
    [InlineData("OCT12a3")]
    public void OctetException_WithNoCodeOfOurs_IsRefused(string code) => Assert.Throws<ArgumentException>(() => new OctetException(code, "x"));

    [Fact]
    public void OctetException_Message_ReadsCodeProblemRemedy() =>
        Assert.Equal("OCT1203: sample 17 holds 3 NaN; leave it out", new OctetException("OCT1203", "sample 17 holds 3 NaN", "leave it out").Message);
}

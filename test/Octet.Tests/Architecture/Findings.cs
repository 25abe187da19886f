namespace Octet.Tests.Architecture;

internal static class Findings
{
    /// <summary>Fails with all findings, one a line.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}

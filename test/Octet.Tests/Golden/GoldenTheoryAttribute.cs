namespace Octet.Tests.Golden;

/// <summary>A theory that compares with numbers which original tools wrote; skipped with a message where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute(params string[] files)
        => Skip = new GoldenFactAttribute(files).Skip;
}

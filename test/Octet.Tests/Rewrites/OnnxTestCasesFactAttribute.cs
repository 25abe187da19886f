namespace Octet.Tests.Rewrites;

/// <summary>A fact that needs the cases of <see cref="OnnxTestCases"/>; skipped with a message where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxTestCasesFactAttribute : FactAttribute
{
    public OnnxTestCasesFactAttribute() => Skip = OnnxTestCases.SkipReason;
}

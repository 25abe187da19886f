namespace Octet.Tests;

/// <summary>A theory that needs the shared data; skipped with a message where it, or one of the named files in it, is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(params string[] needs) => Skip = SharedData.SkipReason(needs);
}

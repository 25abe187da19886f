namespace Octet.Tests;

/// <summary>A fact that needs the reference tools and, if files are named, the shared data; skipped with a message where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(params string[] needs)
        => Skip = PythonReference.SkipReason ?? (needs.Length > 0 ? SharedData.SkipReason(needs) : null);
}

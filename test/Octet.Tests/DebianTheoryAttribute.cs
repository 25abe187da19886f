namespace Octet.Tests;

/// <summary>A theory that needs a folder that a Debian package brings; skipped with a message where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DebianTheoryAttribute : TheoryAttribute
{
    public DebianTheoryAttribute(string folder) => Skip = Directory.Exists(folder) ? null : $"needs {folder} of a Debian package";
}

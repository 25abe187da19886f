namespace Octet.Tests.Golden;

/// <summary>A fact that compares with numbers which original tools wrote; skipped with a message where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute(params string[] files)
        => Skip = files.Append(string.Empty).FirstOrDefault(f => !Path.Exists(GoldenFile.PathOf(f))) is { } missing
            ? $"needs the golden numbers, and {GoldenFile.PathOf(missing)} is missing (OCTET_GOLDEN names another folder)"
            : null;
}

namespace Octet.Tests;

/// <summary>A theory that needs programs of the system (compilers, emulators) and maybe shared data; skipped with a message where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for the programs.</summary>
    /// <param name="programs">Names between spaces.</param>
    /// <param name="needs">Files of the shared data.</param>
    public CompilerTheoryAttribute(string programs, params string[] needs)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        Skip = programs.Split(' ').FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p)))) is { } missing ? $"needs {missing}, which is not on the path"
            : needs.Length > 0 ? SharedData.SkipReason(needs) : null;
    }
}

namespace Octet.Cli.Settings;

/// <summary>Keeps outputs away from inputs.</summary>
internal static class FilePaths
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Notes an output that would replace an input, or a file in a folder of inputs.</summary>
    /// <param name="problems">Takes the note.</param>
    /// <param name="output">What will be written, and the option that says so.</param>
    /// <param name="inputs">Files and folders that are read.</param>
    public static void KeepApart(Problems problems, (string Option, string? Path) output, params IEnumerable<string?> inputs)
    {
        if (output.Path is null or "" or "-")
        {
            return;
        }

        problems.Try<object>(() =>
        {
            string real = Real(output.Path);
            foreach (string input in inputs.OfType<string>().SelectMany(Parts).Where(Path.Exists))
            {
                string other = Real(input);
                bool inside = Directory.Exists(other) && File.Exists(real) && real.StartsWith(Path.TrimEndingDirectorySeparator(other) + Path.DirectorySeparatorChar, Comparison);
                if (inside || string.Equals(real, other, Comparison))
                {
                    throw new OctetException(
                        ErrorCodes.InvalidUsage, $"{output.Option} \"{output.Path}\" would write over an input{(inside ? $", a file of \"{input}\"" : string.Empty)}", "choose another name");
                }
            }

            return null!;
        });
    }

    /// <summary>The paths that <c>--data</c> may name: itself, or those behind its equals signs.</summary>
    private static IEnumerable<string> Parts(string specification)
        => Path.Exists(specification) ? [specification] : specification.Split(',').Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()).Where(p => p.Length > 0);

    /// <summary>The path with all links followed.</summary>
    private static string Real(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            string real = Path.GetPathRoot(full)!;
            foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            {
                string next = Path.Combine(real, part);
                FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
                real = info.Exists && info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : next;
            }

            return real;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"path \"{path}\" cannot be used: {e.Message}", null, e);
        }
    }
}

namespace Octet.Cli.Settings;

/// <summary>Sees to it that outputs can be written and replace no input, before any work is done for them.</summary>
internal static class FilePaths
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>Notes an output that cannot be written, or that would replace an input, another output or a file in a folder of inputs.</summary>
    /// <param name="problems">Takes the note.</param>
    /// <param name="output">What will be written, and the option that says so.</param>
    /// <param name="inputs">Files and folders that are read.</param>
    public static void CheckOutput(Problems problems, (string Option, string? Path) output, params IEnumerable<string?> inputs)
    {
        if (output.Path is null or "" or "-")
        {
            return;
        }

        problems.Try<object>(() =>
        {
            string real = Real(output.Path);
            foreach (string input in inputs.OfType<string>().SelectMany(Parts))
            {
                string other = Real(input);
                bool inside = Directory.Exists(other) && File.Exists(real) && real.StartsWith(Path.TrimEndingDirectorySeparator(other) + Path.DirectorySeparatorChar, Comparison);
                if (inside || string.Equals(real, other, Comparison))
                {
                    throw new OctetException(
                        ErrorCodes.InvalidUsage, $"{output.Option} \"{output.Path}\" would write over {(Path.Exists(real) ? "an input" : "another output")}, {(inside ? "a file of " : string.Empty)}\"{input}\"", "choose another name");
                }
            }

            TryToWrite(output.Option, output.Path);
            return null!;
        });
    }

    /// <summary>Makes a file beside and removes it at once: what rights, disks and special folders say cannot be told in another way.</summary>
    private static void TryToWrite(string option, string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"{option} \"{path}\" is a folder", "name a file in it");
        }

        string folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"{option} \"{path}\" cannot be written: there is no folder \"{folder}\"", "make the folder first");
        }

        try
        {
            using var probe = new FileStream(Path.Combine(folder, $".octet-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"{option} \"{path}\" cannot be written: {e.Message}", "choose another folder", e);
        }
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

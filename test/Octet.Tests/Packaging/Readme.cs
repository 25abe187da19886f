using System.Text.RegularExpressions;

namespace Octet.Tests.Packaging;

/// <summary>The code in README.md and README.zh-CN.md.</summary>
internal static class Readme
{
    /// <summary>The files; both show the same code.</summary>
    public static string[] Files { get; } = ["README.md", "README.zh-CN.md"];

    /// <summary>The blocks of code of a language, without their fences.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <param name="language">What stands behind the opening fence.</param>
    public static string[] Blocks(string file, string language)
        => [.. Regex.Matches(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file)), "^```(\\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];
}

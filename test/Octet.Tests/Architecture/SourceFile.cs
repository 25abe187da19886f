using System.Text.RegularExpressions;

namespace Octet.Tests.Architecture;

/// <summary>A C# file of the repository, with its code freed from comments and strings.</summary>
internal sealed partial record SourceFile(string Path, string Code)
{
    /// <summary>The declared namespace, or an empty string.</summary>
    public string Namespace => NamespaceDeclaration().Match(Code) is { Success: true } match ? match.Groups[1].Value : "";

    /// <summary>The names of the types that the file declares at top level (a file-scoped namespace leaves them unindented), with whether they are public.</summary>
    public IEnumerable<(string Name, bool Public)> Types =>
        TypeDeclaration().Matches(Code).Select(match => (match.Groups["name"].Value, match.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal)));

    /// <summary>Whether the code names a type, not a member of something.</summary>
    public bool Mentions(string type) => Regex.IsMatch(Code, $@"(?<![\w.]\s*)\b{type}\b");

    public static SourceFile Parse(string path, string text) => new(path, NotCode().Replace(text, match => match.Value[0] == '/' ? " " : "\"\""));

    /// <summary>All C# files below a folder of the repository, in a fixed order; what a build wrote is elsewhere.</summary>
    public static IReadOnlyList<SourceFile> Below(string folder)
    {
        var root = System.IO.Path.Combine(SharedData.RepositoryRoot, folder);
        return [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(SharedData.RepositoryRoot, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(path => Parse(path, File.ReadAllText(System.IO.Path.Combine(SharedData.RepositoryRoot, path))))];
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3}.*?\"{3}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\[^']+|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"^(?<modifiers>(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*)(?:record\s+struct|record\s+class|record|class|struct|interface|enum|delegate\s+[\w<>?,\[\] ]+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}

using System.Text.RegularExpressions;

namespace Octet.Tests.Architecture;

public sealed partial class SourceRulesTests
{
    private const int MostLines = 450;

    private static readonly string[] SourceFolders = ["src", "test", "bench", "samples"];
    private static readonly string[] SourceExtensions = [".cs", ".py", ".sh"];
    private static readonly string[] TextExtensions = [".cs", ".csproj", ".props", ".targets", ".py", ".sh", ".md", ".json", ".proto", ".yml", ".slnx", ""];
    private static readonly string[] NotOurs = [".git", "artifacts", "node_modules", "bin", "obj", "TestResults"];

    [Fact]
    public void SourceFiles_AreShortEnoughToRead()
    {
        var tooLong =
            from path in FilesOf(SourceFolders)
            where SourceExtensions.Contains(Path.GetExtension(path))
            let lines = File.ReadLines(path).Count()
            where lines > MostLines
            select $"{Relative(path)}: {lines} lines, at most {MostLines}";
        Findings.AssertNone(tooLong);
    }

    [Fact]
    public void Files_NameNoFolderOfOneMachine() => Findings.AssertNone(Matches(MachinePath()));

    [Fact]
    public void Files_NameNoRegistryHost() => Findings.AssertNone(Matches(RegistryHost()));

    [Fact]
    public void PublicTypes_HaveAFileOfTheirName()
    {
        var wrong =
            from file in SourceFile.Below("src/Octet")
            let types = file.Types.Where(type => type.Public).Select(type => type.Name).Distinct().ToArray()
            where types.Length > 1 || (types.Length == 1 && types[0] != Path.GetFileName(file.Path).Split('.')[0])
            select $"{file.Path}: {string.Join(", ", types)}";
        Findings.AssertNone(wrong);
    }

    [Theory]
    [InlineData("open(\"/{0}/x\")", "work")]
    [InlineData("cd /{0}/me", "home")]
    [InlineData("{0}:\\Users\\me", "C")]
    public void MachinePath_InText_IsFound(string text, string word) => Assert.Matches(MachinePath(), string.Format(null, text, word));

    [Theory]
    [InlineData("../shared/work/x")]
    [InlineData("a network/work/flow")]
    public void MachinePath_InARelativePath_IsNotFound(string text) => Assert.DoesNotMatch(MachinePath(), text);

    private static IEnumerable<string> Matches(Regex pattern) =>
        from path in FilesOf([""])
        where TextExtensions.Contains(Path.GetExtension(path))
        from line in File.ReadLines(path).Index()
        where pattern.IsMatch(line.Item)
        select $"{Relative(path)}:{line.Index + 1}: {pattern.Match(line.Item).Value}";

    private static IEnumerable<string> FilesOf(IEnumerable<string> folders)
    {
        var pending = new Stack<string>(folders.Select(folder => Path.Combine(SharedData.RepositoryRoot, folder)).Where(Directory.Exists));
        while (pending.TryPop(out var folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                yield return file;
            }

            foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))))
            {
                pending.Push(inner);
            }
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(SharedData.RepositoryRoot, path);

    [GeneratedRegex(@"(?<![\w.])/(?:work|tmp|home|root|Users)/\w|\b[A-Z]:\\+Users\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(?:registry|api|www|packages|deb|pypi|files)\.(?:npm[j]s|nuget|debian|python[h]osted|pypi)\.\w+|\bhttps?://\S*(?:npm[j]s|nuget|pypi)\.")]
    private static partial Regex RegistryHost();
}

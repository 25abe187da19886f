namespace Octet.Tests.Architecture;

public sealed class RoomsTests
{
    private static readonly IReadOnlyList<SourceFile> Library = SourceFile.Below("src/Octet");

    [Fact]
    public void Rooms_UseEachOther_InOneDirectionOnly() => Findings.AssertNone(Violations(Library));

    [Fact]
    public void EveryRoom_HasItsPlaceInTheOrder() => Assert.Empty(Library.Select(Rooms.RoomOf).Where(room => room != Rooms.Root).Distinct().Except(Rooms.All));

    [Fact]
    public void Namespaces_AreTheFolders()
    {
        var wrong =
            from file in Library
            let expected = "Octet" + string.Concat(file.Path.Split('/')[2..^1].Select(folder => "." + folder))
            where file.Namespace.Length > 0 && file.Namespace != expected
            select $"{file.Path} declares {file.Namespace}, its folder says {expected}";
        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Projects_AddNoUsingOfARoomToEveryFile()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.DoesNotContain(projects, text => text.Contains("Using Include=\"Octet", StringComparison.Ordinal));
        Assert.DoesNotContain(Library, file => file.Code.Contains("global using", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Formats/Onnx/Writer.cs", "using Octet.Planning;", "Formats never see Planning")]
    [InlineData("Graphs/Graph.cs", "using static Octet.Formats.Onnx.OnnxReader;", "Graphs is below Formats: Graphs ← {Formats, Data, Inference, Rewrites}")]
    [InlineData("Numerics/Tensor.cs", "class Tensor { Octet.Graphs.Value? value; }", "Numerics is below Graphs")]
    [InlineData("Numerics/Tensor.cs", "using Node = Octet.Graphs.Node;", "Numerics is below Graphs")]
    [InlineData("Graphs/Graph.cs", "class Graph { Planning.Plan? plan; }", "Graphs is below Planning")]
    [InlineData("Calibration/Observer.cs", "using Octet.Planning;", "neighbours")]
    [InlineData("Planning/Plan.cs", "class Plan { Quantizer? quantizer; }", "below the façade")]
    public void Violations_OfAForbiddenEdge_NameTheRule(string path, string code, string rule)
    {
        IReadOnlyList<SourceFile> files =
        [
            SourceFile.Parse("src/Octet/Planning/Plan.cs", "public sealed class Plan;"),
            SourceFile.Parse("src/Octet/Quantizer.cs", "using Octet.Planning;\npublic sealed class Quantizer;"),
            SourceFile.Parse("src/Octet/" + path, code),
        ];
        Assert.Contains(rule, Assert.Single(Violations(files)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Planning/Planner.cs", "using Octet.Calibration;")]
    [InlineData("Graphs/Graph.cs", "// Octet.Planning.Plan\n/* using Octet.Planning; */ class Graph { string s = \"Octet.Planning\"; }")]
    [InlineData("Graphs/Graph.cs", "class Graph { int F() => this.Planning.Plan + Planning.Length; }")]
    [InlineData("Graphs/Graph.cs", "class Graph { void F() => throw new OctetException(); }")]
    public void Violations_OfAllowedCode_AreNone(string path, string code)
    {
        IReadOnlyList<SourceFile> files =
        [
            SourceFile.Parse("src/Octet/Planning/Plan.cs", "public sealed class Plan;"),
            SourceFile.Parse("src/Octet/OctetException.cs", "public sealed class OctetException;"),
            SourceFile.Parse("src/Octet/" + path, code),
        ];
        Assert.Empty(Violations(files));
    }

    private static IEnumerable<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var types = Rooms.TypesByRoom(files);

        // A file of the root that uses a room is the façade; the others (errors) are everybody's.
        var facade = files.Where(file => Rooms.RoomOf(file) == Rooms.Root && Rooms.UsedBy(file, types).Any()).SelectMany(file => file.Types).Select(type => type.Name).ToHashSet();
        foreach (var file in files)
        {
            var room = Rooms.RoomOf(file);
            var used = Rooms.UsedBy(file, types);
            if (room != Rooms.Root && facade.Any(name => file.Mentions(name)))
            {
                used = used.Append(Rooms.Root);
            }

            foreach (var rule in used.Select(other => Rooms.Forbids(room, other)).OfType<string>())
            {
                yield return $"{file.Path}: {rule}";
            }
        }
    }
}

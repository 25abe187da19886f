using System.Text.RegularExpressions;

namespace Octet.Tests.Architecture;

/// <summary>
/// Which room (folder of src/Octet) may use which. The order, each level using only those before it:
/// Numerics, Graphs, Operators, Integers, {Formats, Data, Inference, Rewrites}, {Calibration, Planning}, {Refinement, Lowering}, {Analysis, Search}, Dialects, Quantizer, Cli.
/// </summary>
internal static partial class Rooms
{
    /// <summary>The files of src/Octet itself: what all rooms share (errors), and on top of all rooms the façade.</summary>
    public const string Root = "";

    /// <summary>The levels, lowest first.</summary>
    private static readonly string[][] Levels =
    [
        ["Numerics"],
        ["Graphs"],
        ["Operators"],
        ["Integers"],
        ["Formats", "Data", "Inference", "Rewrites"],
        ["Calibration", "Planning"],
        ["Refinement", "Lowering"],
        ["Analysis", "Search"],
        ["Dialects"],
    ];

    /// <summary>The edges within a level, and why each is needed.</summary>
    private static readonly Dictionary<(string From, string To), string> WithinLevels = new()
    {
        [("Inference", "Formats")] = "a graph is handed to ONNX Runtime as the bytes of an ONNX model",
        [("Rewrites", "Inference")] = "ONNX Runtime evaluates what constant folding folds",
        [("Planning", "Calibration")] = "ranges come from statistics",
        [("Refinement", "Lowering")] = "a refinement measures a layer with everything before it lowered",
    };

    /// <summary>The names of all rooms.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Levels.SelectMany(level => level)];

    /// <summary>The room of a file of src/Octet: its first folder, or <see cref="Root"/>.</summary>
    public static string RoomOf(SourceFile file)
    {
        var parts = file.Path.Split('/');
        return parts.Length > 3 ? parts[2] : Root;
    }

    /// <summary>Null where a room may use another, else the rule that forbids it.</summary>
    public static string? Forbids(string from, string to)
    {
        if (from == to || from == Root)
        {
            return null;
        }

        if (to == Root)
        {
            return $"{from} is below the façade and may not use it";
        }

        if (from == "Formats" && to == "Planning")
        {
            return "Formats never see Planning: a writer takes the graph and a read-only view of quantization parameters";
        }

        var (user, used) = (LevelOf(from), LevelOf(to));
        if (used < user || WithinLevels.ContainsKey((from, to)))
        {
            return null;
        }

        return used == user
            ? $"{from} and {to} are neighbours, and neighbours do not use each other: {Name(user)}"
            : $"{from} is below {to}: {Name(user)} ← {Name(used)}";
    }

    /// <summary>The rooms that a file uses, by using directives, by names qualified with Octet, or by names qualified with the room alone.</summary>
    public static IEnumerable<string> UsedBy(SourceFile file, ILookup<string, string> typesByRoom)
    {
        var full = FullName().Matches(file.Code).Select(match => match.Groups[1].Value).Where(room => All.Contains(room));
        var relative = RelativeName().Matches(file.Code)
            .Where(match => typesByRoom[match.Groups["room"].Value].Contains(match.Groups["name"].Value))
            .Select(match => match.Groups["room"].Value);
        return full.Concat(relative).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The types and inner folders of every room, to tell <c>Data.ImageFolder</c> from a property <c>Data.Length</c>.</summary>
    public static ILookup<string, string> TypesByRoom(IReadOnlyList<SourceFile> files) => files
        .Where(file => RoomOf(file) != Root)
        .SelectMany(file => file.Types.Select(type => type.Name).Concat(file.Path.Split('/')[3..^1]).Select(name => (Room: RoomOf(file), Name: name)))
        .ToLookup(pair => pair.Room, pair => pair.Name);

    private static int LevelOf(string room)
    {
        var level = Array.FindIndex(Levels, rooms => rooms.Contains(room));
        return level >= 0 ? level : throw new ArgumentException($"src/Octet/{room} is a room without a place in the order; give it one in Rooms.Levels", nameof(room));
    }

    private static string Name(int level) => Levels[level] is [var one] ? one : $"{{{string.Join(", ", Levels[level])}}}";

    [GeneratedRegex(@"\bOctet\s*\.\s*(\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.]\s*)(?<room>[A-Z]\w+)\s*\.\s*(?<name>[A-Z]\w+)")]
    private static partial Regex RelativeName();
}

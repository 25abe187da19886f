using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>
/// Prints models for people, one line a node, close to the syntax of ONNX's own text form:
/// <c>y: Float32[1,8] = Gemm&lt;transB = 1&gt;(x, w, b)  # fc1</c>.
/// Names and texts from files are printed so that they cannot break a line or move a terminal's cursor.
/// </summary>
public static class GraphPrinter
{
    private const int ShownElements = 8;
    private const int ShownCharacters = 80;

    /// <summary>Prints operator sets, metadata keys, and the main graph with all graphs inside its nodes.</summary>
    /// <param name="model">What is printed.</param>
    /// <param name="writer">Where it goes. Lines end as the writer ends them.</param>
    public static void Print(Model model, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (domain, version) in model.Opsets)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"opset {Quoted(domain)} {version}"));
        }

        foreach (string key in model.Metadata.Keys)
        {
            writer.WriteLine($"metadata {Quoted(key)}, {model.Metadata[key].Length.ToString(CultureInfo.InvariantCulture)} characters");
        }

        Print(model.Graph, writer);
    }

    /// <summary>Prints one graph with all graphs inside its nodes.</summary>
    public static void Print(Graph graph, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(writer);
        Print(graph, writer, 0);
        writer.WriteLine();
    }

    private static void Print(Graph graph, TextWriter writer, int depth)
    {
        string indent = new(' ', 2 * (depth + 1));
        writer.WriteLine($"graph {Name(graph.Name)}({string.Join(", ", graph.Inputs.Select(Typed))}) → ({string.Join(", ", graph.Outputs.Select(Typed))}) {{");
        foreach (var constant in graph.Constants.Where(c => !c.IsInput))
        {
            writer.WriteLine($"{indent}const {Name(constant.Name)} = {Text(constant.Constant!)}");
        }

        foreach (var node in graph.Nodes)
        {
            Print(node, writer, depth, indent);
        }

        writer.Write(indent[2..] + "}");
    }

    private static void Print(Node node, TextWriter writer, int depth, string indent)
    {
        writer.Write($"{indent}{string.Join(", ", node.Outputs.Select(o => o is null ? "_" : Typed(o)))} = ");
        writer.Write(node.Domain.Length > 0 ? Name(node.Domain) + "." + Name(node.OpType) : Name(node.OpType));
        string[] attributes = [.. node.Attributes.Where(a => !a.Value.Graphs.Any()).Select(a => $"{Name(a.Key)} = {Text(a.Value)}")];
        if (attributes.Length > 0)
        {
            writer.Write($"<{string.Join(", ", attributes)}>");
        }

        writer.Write($"({string.Join(", ", node.Inputs.Select(i => i is null ? "_" : Name(i.Name)))})");
        foreach (var (name, value) in node.Attributes)
        {
            foreach (var subgraph in value.Graphs)
            {
                writer.Write($" {Name(name)} = ");
                Print(subgraph, writer, depth + 1);
            }
        }

        if (node.Name.Length > 0)
        {
            writer.Write($"  # {Name(node.Name)}");
        }

        writer.WriteLine();
    }

    private static string Typed(Value value) => value.TensorType is { } type ? $"{Name(value.Name)}: {Escaped(type.ToString())}" : Name(value.Name);

    private static string Text(AttributeValue value) => value switch
    {
        AttributeValue.Int a => Number(a.Value),
        AttributeValue.Float a => Number(a.Value),
        AttributeValue.Text a => Quoted(a.Value),
        AttributeValue.Ints a => List(a.Values, v => Number(v)),
        AttributeValue.Floats a => List(a.Values, v => Number(v)),
        AttributeValue.Texts a => List(a.Values, Quoted),
        AttributeValue.OfTensor a => Text(a.Value),
        _ => "…",
    };

    private static string Text(Tensor tensor)
    {
        bool shown = tensor.Shape.Count <= ShownElements;
        string? values = !shown ? null : tensor.Type switch
        {
            ElementType.Int64 or ElementType.Int32 or ElementType.Int16 or ElementType.Int8 or ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32
                => List([.. tensor.ToInt64s()], v => Number(v)),
            ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16 => List([.. tensor.ToFloats()], v => Number(v)),
            ElementType.Boolean => List([.. tensor.ToFloats()], v => v != 0 ? "true" : "false"),
            ElementType.String => List([.. tensor.Strings.Select(s => Encoding.UTF8.GetString(s.Span))], Quoted),
            _ => null,
        };
        return values is null ? tensor.ToString() : $"{tensor} {values}";
    }

    private static string List<T>(ImmutableArray<T> items, Func<T, string> text)
        => $"[{string.Join(", ", items.Take(ShownElements).Select(text))}{(items.Length > ShownElements ? ", …" : string.Empty)}]";

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>A name as it is where it is one plain word, else in quotes.</summary>
    private static string Name(string name)
        => name.Length is > 0 and <= ShownCharacters * 4 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '/' or ':' or '-') ? name : Quoted(name);

    private static string Quoted(string text)
        => "\"" + (text.Length > ShownCharacters * 4 ? Escaped(text[..ShownCharacters]) + "…" : Escaped(text)) + "\"";

    private static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c is '"' or '\\' ? result.Append('\\').Append(c)
                : char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    ? result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture))
                : result.Append(c);
        }

        return result.ToString();
    }
}

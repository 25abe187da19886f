using System.Globalization;
using System.Text;

namespace Octet.Graphs;

/// <summary>
/// Writes models as drawings in the language of Graphviz (<c>dot -Tsvg model.dot -o model.svg</c>). Nodes are boxes with operator, name and
/// the shapes of their constants, graph inputs and outputs are ellipses, graphs inside nodes are frames.
/// </summary>
public static class GraphDot
{
    /// <summary>Writes the main graph with all graphs inside its nodes.</summary>
    /// <param name="model">What is drawn.</param>
    /// <param name="writer">Where it goes. Lines end as the writer ends them.</param>
    /// <param name="nodeLabel">More lines for a node's box, or null for none: an error, a decision.</param>
    /// <param name="valueLabel">The text at an edge; null (or a null result) for the value's stated shape.</param>
    public static void Write(Model model, TextWriter writer, Func<Node, string?>? nodeLabel = null, Func<Value, string?>? valueLabel = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine($"digraph {Quoted(model.Graph.Name)} {{");
        writer.WriteLine("  node [shape=box, fontname=\"sans-serif\", fontsize=10];");
        writer.WriteLine("  edge [fontname=\"sans-serif\", fontsize=8];");
        new Drawing(writer, nodeLabel, valueLabel).Draw(model.Graph, "  ");
        writer.WriteLine("}");
    }

    private static string Quoted(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => result.Append('\\').Append(c),
                '\n' => result.Append("\\n"),
                _ when char.IsControl(c) => result.Append('\uFFFD'),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }

    private sealed class Drawing(TextWriter writer, Func<Node, string?>? nodeLabel, Func<Value, string?>? valueLabel)
    {
        private readonly Dictionary<object, string> ids = [];

        public void Draw(Graph graph, string indent)
        {
            foreach (var input in graph.Inputs)
            {
                writer.WriteLine($"{indent}{IdOf(input)} [shape=ellipse, label={Quoted(WithType(input))}];");
            }

            foreach (var node in graph.Nodes)
            {
                writer.WriteLine($"{indent}{IdOf(node)} [label={Quoted(LabelOf(node))}];");
                foreach (var subgraph in node.Subgraphs)
                {
                    string id = IdOf(subgraph);
                    writer.WriteLine($"{indent}subgraph cluster_{id} {{");
                    writer.WriteLine($"{indent}  label={Quoted($"{node.DisplayName}: {subgraph.Name}")};");
                    Draw(subgraph, indent + "  ");
                    writer.WriteLine($"{indent}}}");
                }

                foreach (var input in node.Inputs.OfType<Value>().Where(i => !i.IsConstant))
                {
                    DrawEdge(input, IdOf(node), indent);
                }
            }

            for (int i = 0; i < graph.Outputs.Count; i++)
            {
                var output = graph.Outputs[i];
                string id = string.Create(CultureInfo.InvariantCulture, $"{IdOf(graph)}_out{i}");
                writer.WriteLine($"{indent}{id} [shape=ellipse, label={Quoted(WithType(output))}];");
                if (!output.IsConstant)
                {
                    DrawEdge(output, id, indent);
                }
            }
        }

        private void DrawEdge(Value value, string reader, string indent)
        {
            string? label = valueLabel?.Invoke(value) ?? ShapeOf(value);
            writer.WriteLine($"{indent}{IdOf((object?)value.Producer ?? value)} -> {reader}{(label is null ? string.Empty : $" [label={Quoted(label)}]")};");
        }

        private string LabelOf(Node node)
        {
            var lines = new List<string> { node.OpType };
            if (node.DisplayName != node.OpType)
            {
                lines.Add(node.DisplayName);
            }

            lines.AddRange(node.Inputs.OfType<Value>().Where(i => i.IsConstant).Select(i => $"{i.Name} {i.Constant!.Shape}"));
            if (nodeLabel?.Invoke(node) is { } more)
            {
                lines.Add(more);
            }

            return string.Join('\n', lines);
        }

        private static string WithType(Value value) => value.TensorType is { } type ? $"{value.Name}\n{type}" : value.Name;

        private static string? ShapeOf(Value value)
            => value.TensorType?.Dimensions is { } dimensions ? "[" + string.Join(',', dimensions) + "]" : null;

        private string IdOf(object thing)
        {
            if (!ids.TryGetValue(thing, out string? id))
            {
                id = string.Create(CultureInfo.InvariantCulture, $"n{ids.Count}");
                ids.Add(thing, id);
            }

            return id;
        }
    }
}

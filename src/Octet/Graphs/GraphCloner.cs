using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>Copies models and graphs. Tensors are immutable and shared with the copy.</summary>
public static class GraphCloner
{
    /// <summary>A copy of a model whose graph can be edited without changing the original.</summary>
    public static Model Clone(this Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = new Model(Clone(model.Graph, null, [])) { Origin = model.Origin, SourcePath = model.SourcePath };
        foreach (var (domain, version) in model.Opsets)
        {
            copy.Opsets.Add(domain, version);
        }

        foreach (var (key, value) in model.Metadata)
        {
            copy.Metadata.Add(key, value);
        }

        return copy;
    }

    /// <summary>A model of the nodes that lead from some values of the main graph to others.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="inputs">Values that become inputs, with their element types; those that are not needed are left out.</param>
    /// <param name="outputs">Values that become outputs, none of them an input or a constant.</param>
    /// <exception cref="ArgumentException">The graph has no such value, or an output depends on an input of the graph that is not in <paramref name="inputs"/>.</exception>
    public static Model Extract(this Model model, IReadOnlyDictionary<string, ElementType> inputs, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        Value[] ends = [.. outputs.Select(o => graph.Find(o) ?? throw new ArgumentException($"The graph has no value {o}.", nameof(outputs)))];
        var (nodes, read) = Ancestors(ends, v => inputs.ContainsKey(v.Name));
        var copy = new Model(new Graph(graph.Name)) { Origin = model.Origin, SourcePath = model.SourcePath };
        foreach (var (domain, version) in model.Opsets)
        {
            copy.Opsets.Add(domain, version);
        }

        var map = new Dictionary<Value, Value>();
        foreach (var value in read)
        {
            if (inputs.TryGetValue(value.Name, out var type))
            {
                map.Add(value, copy.Graph.AddInput(value.Name, new TensorType(type, null)));
            }
            else
            {
                map.Add(value, copy.Graph.AddConstant(value.Name, value.Constant ?? throw new ArgumentException($"Value {value.Name} is not among the inputs.", nameof(inputs))));
            }
        }

        CloneNodes(graph.Nodes.Where(nodes.Contains), copy.Graph, map);
        foreach (var end in ends)
        {
            copy.Graph.AddOutput(map[end]);
        }

        return copy;
    }

    /// <summary>The nodes that values depend on, up to where <paramref name="isKnown"/> holds, and the values that have no producer among them.</summary>
    internal static (HashSet<Node> Nodes, IReadOnlyList<Value> Read) Ancestors(IEnumerable<Value> values, Func<Value, bool> isKnown)
    {
        var nodes = new HashSet<Node>();
        var read = new List<Value>();
        var seen = new HashSet<Value>();
        var open = new Stack<Value>(values);
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value))
            {
                continue;
            }

            if (value.Producer is not { } producer || isKnown(value))
            {
                read.Add(value);
            }
            else if (nodes.Add(producer))
            {
                foreach (var input in producer.Inputs.Concat(producer.Subgraphs.SelectMany(g => g.AllNodes).SelectMany(n => n.Inputs)).OfType<Value>())
                {
                    if (input.Graph == value.Graph)
                    {
                        open.Push(input);
                    }
                }
            }
        }

        return (nodes, read);
    }

    private static Graph Clone(Graph graph, Graph? parent, Dictionary<Value, Value> map)
    {
        var copy = new Graph(graph.Name, parent) { Origin = graph.Origin };
        foreach (var input in graph.Inputs)
        {
            map.Add(input, copy.AddInput(input.Name, input.Type, input.Constant));
        }

        foreach (var constant in graph.Constants.Where(c => !c.IsInput))
        {
            var value = copy.AddConstant(constant.Name, constant.Constant!);
            value.Type = constant.Type;
            map.Add(constant, value);
        }

        CloneNodes(graph.Nodes, copy, map);
        foreach (var output in graph.Outputs)
        {
            copy.AddOutput(map[output]);
        }

        return copy;
    }

    private static void CloneNodes(IEnumerable<Node> nodes, Graph copy, Dictionary<Value, Value> map)
    {
        foreach (var node in nodes)
        {
            var nodeCopy = copy.AddNode(
                node.OpType, node.Inputs.Select(i => i is null ? null : map[i]), node.Outputs.Select(o => o?.Name), node.Domain);
            nodeCopy.Name = node.Name;
            nodeCopy.Source = node.Source;
            nodeCopy.Origin = node.Origin;
            foreach (var (name, attribute) in node.Attributes)
            {
                nodeCopy.SetAttribute(name, Clone(attribute, copy, map));
            }

            for (int i = 0; i < node.Outputs.Length; i++)
            {
                if (node.Outputs[i] is { } output)
                {
                    nodeCopy.Outputs[i]!.Type = output.Type;
                    map.Add(output, nodeCopy.Outputs[i]!);
                }
            }
        }
    }

    private static AttributeValue Clone(AttributeValue attribute, Graph parent, Dictionary<Value, Value> map) => attribute switch
    {
        AttributeValue.OfGraph single => new AttributeValue.OfGraph(Clone(single.Value, parent, map)),
        AttributeValue.OfGraphs several => new AttributeValue.OfGraphs([.. several.Values.Select(g => Clone(g, parent, map))]),
        _ => attribute,
    };
}

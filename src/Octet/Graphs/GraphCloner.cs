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

        foreach (var node in graph.Nodes)
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

        foreach (var output in graph.Outputs)
        {
            copy.AddOutput(map[output]);
        }

        return copy;
    }

    private static AttributeValue Clone(AttributeValue attribute, Graph parent, Dictionary<Value, Value> map) => attribute switch
    {
        AttributeValue.OfGraph single => new AttributeValue.OfGraph(Clone(single.Value, parent, map)),
        AttributeValue.OfGraphs several => new AttributeValue.OfGraphs([.. several.Values.Select(g => Clone(g, parent, map))]),
        _ => attribute,
    };
}

namespace Octet.Formats.Onnx;

/// <summary>Brings the nodes of a graph into an order in which each comes after those whose results it reads.</summary>
internal static class NodeOrder
{
    /// <summary>The nodes in running order: as they stand where that is one, else sorted, as near to the file's order as possible.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.GraphCyclic"/>: nodes wait for each other.</exception>
    public static NodeProto[] Sort(GraphProto graph, string place)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (var output in graph.Node[i].Output)
            {
                producers.TryAdd(output, i);
            }
        }

        producers.Remove(string.Empty);
        var needs = new List<int>?[graph.Node.Count];
        bool inOrder = true;
        for (int i = 0; i < needs.Length; i++)
        {
            foreach (var name in NamesRead(graph.Node[i]))
            {
                if (producers.TryGetValue(name, out int producer))
                {
                    (needs[i] ??= []).Add(producer);
                    inOrder &= producer < i;
                }
            }
        }

        return inOrder ? [.. graph.Node] : Sort(graph, needs, place);
    }

    /// <summary>The names that a node reads: its inputs, and what the graphs inside it read from around them.</summary>
    public static IEnumerable<string> NamesRead(NodeProto node)
    {
        var bodies = node.Attribute.Where(a => a.G is not null).Select(a => a.G).Concat(node.Attribute.SelectMany(a => a.Graphs));
        return node.Input.Concat(bodies.SelectMany(NamesReadFromOutside)).Where(n => n.Length > 0);
    }

    private static HashSet<string> NamesReadFromOutside(GraphProto graph)
    {
        var names = graph.Node.SelectMany(NamesRead).Concat(graph.Output.Select(o => o.Name)).ToHashSet(StringComparer.Ordinal);
        names.ExceptWith(graph.Node.SelectMany(n => n.Output));
        names.ExceptWith(graph.Input.Select(i => i.Name));
        names.ExceptWith(graph.Initializer.Select(i => i.Name));
        names.ExceptWith(graph.SparseInitializer.Select(i => i.Values?.Name ?? string.Empty));
        return names;
    }

    private static NodeProto[] Sort(GraphProto graph, List<int>?[] needs, string place)
    {
        var readers = new List<int>?[needs.Length];
        var waiting = new int[needs.Length];
        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < needs.Length; i++)
        {
            waiting[i] = needs[i]?.Count ?? 0;
            foreach (int producer in needs[i] ?? [])
            {
                (readers[producer] ??= []).Add(i);
            }

            if (waiting[i] == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        var sorted = new List<NodeProto>(needs.Length);
        while (ready.TryDequeue(out int next, out _))
        {
            sorted.Add(graph.Node[next]);
            foreach (int reader in readers[next] ?? [])
            {
                if (--waiting[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        if (sorted.Count == needs.Length)
        {
            return [.. sorted];
        }

        var stuck = graph.Node[Array.FindIndex(waiting, w => w > 0)];
        throw new OctetException(
            ErrorCodes.GraphCyclic,
            $"{place}: {needs.Length - sorted.Count} nodes wait for each other's results, among them {Describe(stuck)}",
            "an ONNX graph has no cycles; write loops with Loop or Scan");
    }

    /// <summary>A node for messages.</summary>
    public static string Describe(NodeProto node)
        => $"node \"{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(o => o.Length > 0))}\" ({node.OpType})";
}

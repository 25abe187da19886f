namespace Octet.Graphs;

/// <summary>Checks the invariants of a graph; rewrites run it before and after.</summary>
public static class GraphVerifier
{
    /// <summary>Finds what is wrong with a graph and the graphs inside it.</summary>
    /// <returns>One sentence a violation; empty for a sound graph.</returns>
    public static IReadOnlyList<string> Verify(this Graph graph)
    {
        var problems = new List<string>();
        Check(graph, [], problems);
        return problems;
    }

    private static void Check(Graph graph, HashSet<Value> outer, List<string> problems)
    {
        var defined = new HashSet<Value>(outer);
        foreach (var value in graph.Values)
        {
            if (value.Graph != graph || graph.Find(value.Name) != value)
            {
                problems.Add($"value {value.Name} is not registered in graph {graph.Name}");
            }

            if (value.Producer is null && !value.IsInput && value.Constant is null)
            {
                problems.Add($"value {value.Name} is neither an input, nor a constant, nor produced by a node");
            }

            if (value.Producer is null)
            {
                defined.Add(value);
            }
        }

        foreach (var node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                var input = node.Inputs[i];
                if (input is not null && !defined.Contains(input))
                {
                    problems.Add($"node {node.DisplayName} reads {input.Name}, which nothing before it defines");
                }

                if (input is not null && !input.Uses.Contains(new Use(node, i)))
                {
                    problems.Add($"value {input.Name} does not know of its use by input {i} of node {node.DisplayName}");
                }
            }

            foreach (var subgraph in node.Subgraphs)
            {
                Check(subgraph, defined, problems);
            }

            foreach (var output in node.Outputs)
            {
                if (output is not null && (output.Producer != node || !defined.Add(output)))
                {
                    problems.Add($"output {output.Name} of node {node.DisplayName} is produced twice");
                }
            }
        }

        foreach (var value in graph.Values)
        {
            foreach (var use in value.Uses)
            {
                if (use.Node.IsRemoved || use.Node.Input(use.Index) != value)
                {
                    problems.Add($"value {value.Name} lists a use by node {use.Node.DisplayName} that is not there");
                }
            }
        }

        foreach (var output in graph.Outputs)
        {
            if (!defined.Contains(output))
            {
                problems.Add($"graph output {output.Name} is not defined");
            }
        }
    }
}

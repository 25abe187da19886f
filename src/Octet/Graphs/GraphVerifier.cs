namespace Octet.Graphs;

/// <summary>Checks the invariants of a graph; rewrites run it before and after.</summary>
public static class GraphVerifier
{
    /// <summary>Finds what is wrong with a graph and the graphs inside it.</summary>
    /// <returns>One sentence a violation; empty for a sound graph.</returns>
    public static IReadOnlyList<string> Verify(this Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var check = new Check();
        check.Definitions(graph);
        check.Uses();
        return check.Problems;
    }

    /// <summary>One check. The time it takes grows with the number of nodes and uses, not with their product.</summary>
    private sealed class Check
    {
        private readonly HashSet<Value> defined = [];
        private readonly Dictionary<Value, int> reads = [];
        private readonly List<Value> all = [];

        public List<string> Problems { get; } = [];

        /// <summary>Walks a graph in running order; what its values are is forgotten behind it, as in a scope.</summary>
        public void Definitions(Graph graph)
        {
            int before = all.Count;
            foreach (var value in graph.Values)
            {
                all.Add(value);
                if (value.Graph != graph || graph.Find(value.Name) != value)
                {
                    Problems.Add($"value {value.Name} is not registered in graph {graph.Name}");
                }

                if (value.Producer is null && !value.IsInput && value.Constant is null)
                {
                    Problems.Add($"value {value.Name} is neither an input, nor a constant, nor produced by a node");
                }

                if (value.Producer is null)
                {
                    defined.Add(value);
                }
            }

            int after = all.Count;
            foreach (var node in graph.Nodes)
            {
                Visit(node);
            }

            foreach (var output in graph.Outputs.Where(o => !defined.Contains(o)))
            {
                Problems.Add($"graph output {output.Name} is not defined");
            }

            if (graph.Parent is not null)
            {
                defined.ExceptWith(all.GetRange(before, after - before));
            }
        }

        /// <summary>Compares the lists of uses with what the nodes read.</summary>
        public void Uses()
        {
            foreach (var value in all)
            {
                foreach (var use in value.Uses.Where(u => u.Node.IsRemoved || u.Node.Input(u.Index) != value))
                {
                    Problems.Add($"value {value.Name} lists a use by node {use.Node.DisplayName} that is not there");
                }

                int known = value.Uses.Count > 1 ? value.Uses.Distinct().Count() : value.Uses.Count;
                if (known != reads.GetValueOrDefault(value))
                {
                    Problems.Add($"value {value.Name} is read {reads.GetValueOrDefault(value)} times, but knows of {known} uses");
                }
            }
        }

        private void Visit(Node node)
        {
            foreach (var input in node.Inputs.OfType<Value>())
            {
                reads[input] = reads.GetValueOrDefault(input) + 1;
                if (!defined.Contains(input))
                {
                    Problems.Add($"node {node.DisplayName} reads {input.Name}, which nothing before it defines");
                }
            }

            foreach (var subgraph in node.Subgraphs)
            {
                Definitions(subgraph);
            }

            foreach (var output in node.Outputs.OfType<Value>())
            {
                if (output.Producer != node || !defined.Add(output))
                {
                    Problems.Add($"output {output.Name} of node {node.DisplayName} is produced twice");
                }
            }
        }
    }
}

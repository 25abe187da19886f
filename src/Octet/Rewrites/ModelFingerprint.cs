using System.Runtime.CompilerServices;
using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// One number for the state of a model in this process: nodes with what they read, produce and carry, constants, names and operator
/// sets. Tensors and attributes are immutable, so their identity stands for their content.
/// </summary>
internal static class ModelFingerprint
{
    public static ulong Of(Model model)
    {
        var hash = new Mixer();
        foreach (var (domain, version) in model.Opsets)
        {
            hash.Add(domain.GetHashCode(StringComparison.Ordinal));
            hash.Add(version.GetHashCode());
        }

        Add(ref hash, model.Graph);
        return hash.State;
    }

    private static void Add(ref Mixer hash, Graph graph)
    {
        foreach (var value in graph.Values)
        {
            hash.Add(value);
            hash.Add(value.Name.GetHashCode(StringComparison.Ordinal));
            hash.Add(value.Constant);
        }

        foreach (var node in graph.Nodes)
        {
            hash.Add(node);
            foreach (var value in node.Inputs.Concat(node.Outputs))
            {
                hash.Add(value);
            }

            foreach (var (name, attribute) in node.Attributes)
            {
                hash.Add(name.GetHashCode(StringComparison.Ordinal));
                hash.Add(attribute);
            }

            foreach (var subgraph in node.Subgraphs)
            {
                Add(ref hash, subgraph);
            }
        }

        foreach (var port in graph.Inputs.Concat(graph.Outputs))
        {
            hash.Add(port);
        }
    }

    private struct Mixer
    {
        public ulong State { get; private set; }

        public void Add(object? identity) => Add(RuntimeHelpers.GetHashCode(identity));

        // Odd multiplier and rotation: order matters, and no single bit is lost.
        public void Add(int value) => State = (System.Numerics.BitOperations.RotateLeft(State, 5) ^ (uint)value) * 0x9E3779B97F4A7C15;
    }
}

using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>
/// An edge of a graph: what one node (or the outside, or a constant) produces, once, and any number of nodes use.
/// Values are made by <see cref="Graph"/> and have identity.
/// </summary>
public sealed class Value
{
    private readonly List<Use> uses = [];

    internal Value(Graph graph, string name, GraphType? type)
    {
        Graph = graph;
        Name = name;
        Type = type;
    }

    /// <summary>The graph that defines this value. Graphs inside that graph's nodes may use it, too.</summary>
    public Graph Graph { get; }

    /// <summary>Unique within the graph and the graphs around it.</summary>
    public string Name { get; internal set; }

    /// <summary>What is stated of its type; null where nothing is.</summary>
    public GraphType? Type { get; set; }

    /// <summary>The stated tensor type; null where it is another or none.</summary>
    public TensorType? TensorType => Type as TensorType;

    /// <summary>The node that produces it; null for graph inputs and constants.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>The value itself where it is known before the run (an initializer). A graph input with a default has both.</summary>
    public Tensor? Constant { get; internal set; }

    /// <summary>Whether it is an input of its graph.</summary>
    public bool IsInput { get; internal set; }

    /// <summary>Whether it is an output of its graph.</summary>
    public bool IsOutput => OutputCount > 0;

    /// <summary>Whether it is known before the run and cannot be replaced by a caller.</summary>
    public bool IsConstant => Constant is not null && !IsInput;

    /// <summary>The node inputs that read it, in the order in which they began to. Graph outputs are not uses.</summary>
    public IReadOnlyList<Use> Uses => uses;

    /// <summary>How many outputs of its graph it is.</summary>
    internal int OutputCount { get; set; }

    /// <summary>Makes a constant hold another tensor.</summary>
    /// <exception cref="InvalidOperationException">The value is not a constant.</exception>
    public void SetConstant(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (Constant is null)
        {
            throw new InvalidOperationException($"Value {Name} is not a constant.");
        }

        Constant = tensor;
        Type = Graphs.TensorType.Of(tensor.Type, tensor.Shape);
    }

    /// <summary>Makes every use, in this graph and in graphs inside its nodes, and every graph output, read <paramref name="replacement"/> instead.</summary>
    public void ReplaceWith(Value replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        ReplaceUsesWith(replacement);
        Graph.ReplaceOutput(this, replacement);
    }

    /// <summary>Makes every node input that reads this value read <paramref name="replacement"/>; graph outputs stay.</summary>
    public void ReplaceUsesWith(Value replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (replacement == this)
        {
            return;
        }

        // All at once: a value that thousands of nodes read would be searched and shifted for each of them.
        var moved = uses.ToArray();
        uses.Clear();
        foreach (var use in moved)
        {
            use.Node.Redirect(use.Index, replacement);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Type is null ? Name : $"{Name}: {Type}";

    internal void AddUse(Node node, int index) => uses.Add(new Use(node, index));

    // Searched from both ends: nodes are mostly removed in order, forwards or backwards, and a shared constant may have a use for every node.
    internal void RemoveUse(Node node, int index)
    {
        var use = new Use(node, index);
        for (int low = 0, high = uses.Count - 1; low <= high; low++, high--)
        {
            int found = uses[low] == use ? low : uses[high] == use ? high : -1;
            if (found >= 0)
            {
                uses.RemoveAt(found);
                return;
            }
        }
    }
}

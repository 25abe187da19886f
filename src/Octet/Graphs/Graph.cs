using System.Globalization;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>
/// A network in static single assignment form with ONNX operator semantics: inputs, constants, nodes in an order in which they can
/// run, outputs. Knows no file format and no runtime. Not thread-safe while it is edited.
/// </summary>
public sealed class Graph
{
    private readonly List<Value> inputs = [];
    private readonly List<Value> outputs = [];
    private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> suffixes = new(StringComparer.Ordinal);
    private Node? first;
    private Node? last;

    /// <summary>Makes an empty graph.</summary>
    /// <param name="name">Its name in files and messages.</param>
    /// <param name="parent">The graph around it, for the body of a control-flow node.</param>
    public Graph(string name, Graph? parent = null)
    {
        Name = name;
        Parent = parent;
    }

    /// <summary>Its name in files and messages.</summary>
    public string Name { get; set; }

    /// <summary>The graph around it; null for a model's main graph.</summary>
    public Graph? Parent { get; }

    /// <summary>What the graph's file says of it beyond what this class holds, as the format represents it.</summary>
    public object? Origin { get; set; }

    /// <summary>Inputs in order.</summary>
    public IReadOnlyList<Value> Inputs => inputs;

    /// <summary>Outputs in order. One value may be several outputs.</summary>
    public IReadOnlyList<Value> Outputs => outputs;

    /// <summary>All values by name, in the order in which they were made.</summary>
    public IEnumerable<Value> Values => values.Values;

    /// <summary>Values known before the run.</summary>
    public IEnumerable<Value> Constants => values.Values.Where(v => v.Constant is not null);

    /// <summary>Number of nodes.</summary>
    public int NodeCount { get; private set; }

    /// <summary>
    /// The nodes in running order. Nodes may be added and removed while iterating: a removed node is not visited any more,
    /// a node added behind the current one is.
    /// </summary>
    public IEnumerable<Node> Nodes
    {
        get
        {
            for (var node = first; node is not null;)
            {
                yield return node;
                while (node is { IsRemoved: true })
                {
                    node = node.Previous;
                }

                node = node is null ? first : node.Next;
            }
        }
    }

    /// <summary>The nodes of this graph and of all graphs inside them.</summary>
    public IEnumerable<Node> AllNodes => Nodes.SelectMany(n => n.Subgraphs.SelectMany(g => g.AllNodes).Prepend(n));

    /// <summary>The value of that name in this graph; null where there is none.</summary>
    public Value? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>The value of that name here or in a graph around this one; null where there is none.</summary>
    public Value? Resolve(string name) => Find(name) ?? Parent?.Resolve(name);

    /// <summary>Adds an input.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Value AddInput(string name, GraphType? type, Tensor? defaultValue = null)
    {
        var value = NewValue(name, type, isInput: true);
        value.Constant = defaultValue;
        inputs.Add(value);
        return value;
    }

    /// <summary>
    /// Makes constants of the inputs that have a default: exporters used to list all weights among the inputs, where a caller could replace
    /// them. Returns how many.
    /// </summary>
    public int FixInputDefaults()
    {
        foreach (var input in inputs.Where(i => i.Constant is not null))
        {
            input.IsInput = false;
        }

        return inputs.RemoveAll(i => !i.IsInput);
    }

    /// <summary>Adds a constant; a taken name gets a number behind it.</summary>
    public Value AddConstant(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var value = NewValue(FreshName(name), TensorType.Of(tensor.Type, tensor.Shape));
        value.Constant = tensor;
        return value;
    }

    /// <summary>Makes a value an output, behind the last.</summary>
    public void AddOutput(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        outputs.Add(value);
        value.OutputCount++;
    }

    /// <summary>Takes all outputs away, so that others can be added.</summary>
    public void ClearOutputs()
    {
        outputs.ForEach(o => o.OutputCount = 0);
        outputs.Clear();
    }

    /// <summary>Adds a node at the end, or before <paramref name="before"/>, with one new value for each output name.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">What it reads; null for an input left out.</param>
    /// <param name="outputNames">Names of its outputs, null for one left out; a taken name gets a number behind it.</param>
    /// <param name="domain">The operator's set, empty for ONNX's own.</param>
    /// <param name="before">The node in front of which it goes; null for the end.</param>
    public Node AddNode(string opType, IEnumerable<Value?> inputs, IEnumerable<string?> outputNames, string domain = "", Node? before = null)
    {
        var node = new Node(this, domain, opType, inputs);
        node.Outputs = [.. outputNames.Select(name => name is null ? null : NewOutput(node, FreshName(name)))];
        Link(node, before);
        return node;
    }

    /// <summary>Adds a node of one output, whose value is returned.</summary>
    public Value Add(string opType, IEnumerable<Value?> inputs, string outputName, string domain = "", Node? before = null)
        => AddNode(opType, inputs, [outputName], domain, before).Output;

    /// <summary>Moves a node in front of another of the same graph.</summary>
    public void MoveBefore(Node node, Node before)
    {
        Unlink(node);
        node.IsRemoved = false;
        Link(node, before);
    }

    /// <summary>Removes a node and the values that it produces.</summary>
    /// <exception cref="InvalidOperationException">One of its values is still used or an output.</exception>
    public void Remove(Node node)
    {
        foreach (var output in node.Outputs)
        {
            if (output is not null && (output.Uses.Count > 0 || output.IsOutput))
            {
                throw new InvalidOperationException($"Node {node.DisplayName} cannot be removed: its output {output.Name} is still used.");
            }
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            node.SetInput(i, null);
        }

        foreach (var output in node.Outputs)
        {
            if (output is not null)
            {
                values.Remove(output.Name);
            }
        }

        foreach (var inner in node.Subgraphs.SelectMany(g => g.AllNodes))
        {
            for (int i = 0; i < inner.Inputs.Count; i++)
            {
                inner.SetInput(i, null);
            }
        }

        Unlink(node);
    }

    /// <summary>Removes nodes whose outputs nobody reads, and constants that nobody reads, here and in graphs inside; returns how many of both.</summary>
    public int RemoveUnused()
    {
        var live = new HashSet<Value>(outputs);
        int removed = 0;
        for (var node = last; node is not null; node = node.Previous)
        {
            if (node.Outputs.All(o => o is null || (o.Uses.Count == 0 && !live.Contains(o))))
            {
                Remove(node);
                removed++;
            }
            else
            {
                removed += node.Subgraphs.Sum(g => g.RemoveUnused());
            }
        }

        foreach (var value in values.Values.Where(v => v.IsConstant && v.Uses.Count == 0 && !live.Contains(v)).ToArray())
        {
            values.Remove(value.Name);
            removed++;
        }

        return removed;
    }

    /// <summary>Gives a value another name.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Rename(Value value, string name)
    {
        if (value.Name == name)
        {
            return;
        }

        values.Add(name, value);
        values.Remove(value.Name);
        value.Name = name;
    }

    /// <summary>The name, or the name with the first number behind it that no value of this graph or of the graphs around it bears.</summary>
    public string FreshName(string name)
    {
        if (Resolve(name) is null)
        {
            return name;
        }

        int suffix = suffixes.GetValueOrDefault(name);
        string fresh;
        do
        {
            suffix++;
            fresh = name + "_" + suffix.ToString(CultureInfo.InvariantCulture);
        }
        while (Resolve(fresh) is not null);
        suffixes[name] = suffix;
        return fresh;
    }

    internal void ReplaceOutput(Value value, Value replacement)
    {
        for (int i = 0; value.IsOutput && i < outputs.Count; i++)
        {
            if (outputs[i] == value)
            {
                outputs[i] = replacement;
                value.OutputCount--;
                replacement.OutputCount++;
            }
        }
    }

    private Value NewOutput(Node node, string name)
    {
        var value = NewValue(name, null);
        value.Producer = node;
        return value;
    }

    private Value NewValue(string name, GraphType? type, bool isInput = false)
    {
        var value = new Value(this, name, type) { IsInput = isInput };
        if (!values.TryAdd(name, value))
        {
            throw new ArgumentException($"Graph {Name} has two values named {name}.", nameof(name));
        }

        return value;
    }

    private void Link(Node node, Node? before)
    {
        node.Next = before;
        node.Previous = before is null ? last : before.Previous;
        if (node.Previous is null)
        {
            first = node;
        }
        else
        {
            node.Previous.Next = node;
        }

        if (before is null)
        {
            last = node;
        }
        else
        {
            before.Previous = node;
        }

        NodeCount++;
    }

    // A removed node keeps its Previous, so that an iteration standing on it finds its way back into the list.
    private void Unlink(Node node)
    {
        if (node.Previous is null)
        {
            first = node.Next;
        }
        else
        {
            node.Previous.Next = node.Next;
        }

        if (node.Next is null)
        {
            last = node.Previous;
        }
        else
        {
            node.Next.Previous = node.Previous;
        }

        node.IsRemoved = true;
        NodeCount--;
    }
}

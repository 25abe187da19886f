using System.Collections.Immutable;
using Octet.Numerics;

namespace Octet.Graphs;

/// <summary>One operation of a graph. Nodes are made by <see cref="Graph"/> and have identity.</summary>
public sealed class Node
{
    private readonly SortedDictionary<string, AttributeValue> attributes = new(StringComparer.Ordinal);
    private Value?[] inputs;

    internal Node(Graph graph, string domain, string opType, IEnumerable<Value?> inputs)
    {
        Graph = graph;
        Domain = domain;
        OpType = opType;
        this.inputs = [.. inputs];
        for (int i = 0; i < this.inputs.Length; i++)
        {
            this.inputs[i]?.AddUse(this, i);
        }
    }

    /// <summary>The graph that holds it.</summary>
    public Graph Graph { get; }

    /// <summary>The name that users and reports speak; may be empty in a file, then the first output's name stands for it.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The operator's set; empty for ONNX's own.</summary>
    public string Domain { get; }

    /// <summary>The operator, <c>Conv</c> for example.</summary>
    public string OpType { get; }

    /// <summary>Names of the nodes of the user's file that this node stands for, kept through rewrites.</summary>
    public ImmutableArray<string> Source { get; set; } = [];

    /// <summary>The node of the file that it was read from, as its format represents it; null for nodes that Octet made.</summary>
    public object? Origin { get; set; }

    /// <summary>What it reads; null for an optional input that is left out.</summary>
    public IReadOnlyList<Value?> Inputs => inputs;

    /// <summary>What it produces; null for an optional output that is left out.</summary>
    public ImmutableArray<Value?> Outputs { get; internal set; } = [];

    /// <summary>Attributes by name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Attributes => attributes;

    /// <summary>The first output.</summary>
    /// <exception cref="InvalidOperationException">It is left out.</exception>
    public Value Output => (Outputs.Length > 0 ? Outputs[0] : null) ?? throw new InvalidOperationException($"Node {DisplayName} has no first output.");

    /// <summary>The name for people: the node's own, else its first output's.</summary>
    public string DisplayName => Name.Length > 0 ? Name : Outputs.FirstOrDefault(o => o is not null)?.Name ?? OpType;

    /// <summary>The graphs inside its attributes.</summary>
    public IEnumerable<Graph> Subgraphs => attributes.Values.SelectMany(a => a.Graphs);

    internal Node? Previous { get; set; }

    internal Node? Next { get; set; }

    internal bool IsRemoved { get; set; }

    /// <summary>Whether it is this operator of ONNX's own set.</summary>
    public bool Is(string opType) => Domain.Length == 0 && OpType == opType;

    /// <summary>Input <paramref name="index"/>, null where it is left out or beyond the last.</summary>
    public Value? Input(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>Makes input <paramref name="index"/> read another value (or nothing), adding left-out inputs before it as needed.</summary>
    public void SetInput(int index, Value? value)
    {
        if (index >= inputs.Length)
        {
            Array.Resize(ref inputs, index + 1);
        }

        inputs[index]?.RemoveUse(this, index);
        inputs[index] = value;
        value?.AddUse(this, index);
    }

    /// <summary>Makes input <paramref name="index"/> read another value; the old value's list of uses is the caller's matter.</summary>
    internal void Redirect(int index, Value value)
    {
        inputs[index] = value;
        value.AddUse(this, index);
    }

    /// <summary>Sets an attribute.</summary>
    public void SetAttribute(string name, AttributeValue value) => attributes[name] = value;

    /// <summary>Removes an attribute if it is there.</summary>
    public void RemoveAttribute(string name) => attributes.Remove(name);

    /// <summary>An integer attribute, or its default.</summary>
    public long GetInt(string name, long defaultValue) => attributes.GetValueOrDefault(name) is AttributeValue.Int a ? a.Value : defaultValue;

    /// <summary>A float attribute, or its default.</summary>
    public float GetFloat(string name, float defaultValue) => attributes.GetValueOrDefault(name) is AttributeValue.Float a ? a.Value : defaultValue;

    /// <summary>A text attribute, or its default.</summary>
    public string GetText(string name, string defaultValue) => attributes.GetValueOrDefault(name) is AttributeValue.Text a ? a.Value : defaultValue;

    /// <summary>An attribute of integers; empty where absent.</summary>
    public ImmutableArray<long> GetInts(string name) => attributes.GetValueOrDefault(name) is AttributeValue.Ints a ? a.Values : [];

    /// <summary>A tensor attribute; null where absent.</summary>
    public Tensor? GetTensor(string name) => attributes.GetValueOrDefault(name) is AttributeValue.OfTensor a ? a.Value : null;

    /// <summary>For example <c>conv1: Conv(x, w) → y</c>.</summary>
    public override string ToString()
        => $"{DisplayName}: {OpType}({string.Join(", ", inputs.Select(i => i?.Name ?? "-"))}) → {string.Join(", ", Outputs.Select(o => o?.Name ?? "-"))}";
}

using Octet.Graphs;

namespace Octet.Formats.Onnx;

/// <summary>The values that names of a file mean inside one graph.</summary>
internal sealed class ValueScope(Graph graph, ValueScope? outer, string place)
{
    private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);

    /// <summary>The graph being read.</summary>
    public Graph Graph => graph;

    /// <summary>File and graph, for errors.</summary>
    public string Place => place;

    /// <summary>Refuses a name that is empty or already means something in this graph.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DuplicateName"/> or <see cref="ErrorCodes.ModelMalformed"/>.</exception>
    public void CheckNew(string name, string what)
    {
        if (name.Length == 0)
        {
            throw OnnxErrors.Malformed(place, $"{what} has no name");
        }

        if (values.ContainsKey(name))
        {
            throw OnnxErrors.Duplicate(place, $"{what} \"{name}\" bears the name of another value of the graph");
        }
    }

    /// <summary>Makes a name mean a value.</summary>
    public void Define(string name, Value value) => values.Add(name, value);

    /// <summary>What a name means in this graph itself; null for nothing.</summary>
    public Value? FindHere(string name) => values.GetValueOrDefault(name);

    /// <summary>What a name means in this graph or one around it; null for nothing.</summary>
    public Value? Find(string name) => FindHere(name) ?? outer?.Find(name);
}

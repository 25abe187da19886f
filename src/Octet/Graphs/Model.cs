namespace Octet.Graphs;

/// <summary>A graph with what belongs to it as a whole: operator-set versions, metadata, and what its file carries besides.</summary>
public sealed class Model
{
    /// <summary>Makes a model around a graph.</summary>
    public Model(Graph graph)
    {
        Graph = graph;
    }

    /// <summary>The main graph.</summary>
    public Graph Graph { get; }

    /// <summary>Version of every operator set in use, by domain; ONNX's own has the empty domain.</summary>
    public SortedDictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    /// <summary>Free key–value texts that ride in the file.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>What the model's file says beyond what this class holds (functions, versions, producer), as the format represents it.</summary>
    public object? Origin { get; set; }

    /// <summary>Full path of the file that it was read from; null for models made in memory.</summary>
    public string? SourcePath { get; init; }
}

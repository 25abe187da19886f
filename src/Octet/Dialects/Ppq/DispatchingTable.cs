using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Octet.Dialects.Ppq;

/// <summary>Platforms of single operators, which win over the dispatcher.</summary>
public sealed record DispatchingTable
{
    /// <summary>PPQ's number of the platform on which nothing is quantized.</summary>
    public const int Fp32 = 0;

    /// <summary>Explains the table, in PPQ's files.</summary>
    [JsonPropertyName("intro_0")]
    public string Intro0 { get; init; } = "Operator name -> number of a platform; it wins over the dispatcher.";

    /// <summary>Numbers of platforms by operator; the examples in PPQ's files, whose platforms are texts or whose operators do not exist, say nothing.</summary>
    public JsonObject Dispatchings { get; init; } = [];

    /// <summary>The operators whose platform is a number.</summary>
    public IEnumerable<(string Operator, int Platform)> Entries()
        => Dispatchings
            .Where(d => d.Value?.GetValueKind() == JsonValueKind.Number)
            .Select(d => (d.Key, (int)double.Parse(d.Value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)));

    /// <summary>The table with one operator more.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="platform">PPQ's number of its platform.</param>
    public DispatchingTable Append(string name, int platform)
    {
        var entries = (JsonObject)Dispatchings.DeepClone();
        entries[name] = platform;
        return this with { Dispatchings = entries };
    }
}

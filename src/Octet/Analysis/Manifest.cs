using System.Text.Json;
using System.Text.Json.Serialization;
using Octet.Graphs;

namespace Octet.Analysis;

/// <summary>
/// What an integer model was made from, and how: rides in the metadata of its file. It holds nothing that differs between runs of the
/// same work: no paths, times or numbers of threads.
/// </summary>
public sealed record Manifest
{
    /// <summary>The key of the metadata.</summary>
    public const string MetadataKey = "octet.manifest";

    /// <summary>Version of Octet.</summary>
    public required string Octet { get; init; }

    /// <summary>Version of ONNX Runtime, which computed what was measured.</summary>
    public required string OnnxRuntime { get; init; }

    /// <summary>SHA-256 (hexadecimal) of the float model's file, with its external data.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 (hexadecimal) of the calibration samples and their preprocessing; null where none were needed.</summary>
    public string? Calibration { get; init; }

    /// <summary>The options in force, but for the number of threads.</summary>
    public required QuantizerOptions Options { get; init; }

    /// <summary>How far the search had come when it was ended early: then these options give other bytes when they are left to their end. Null, and not written, where it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SearchCutShort { get; init; }

    /// <summary>The manifest of a model; null where it has none, or one that is not to be read.</summary>
    public static Manifest? Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        try
        {
            return model.Metadata.TryGetValue(MetadataKey, out string? text) ? JsonSerializer.Deserialize(text, ReportJsonContext.Compact.Manifest) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the manifest into a model's metadata, over the one that is there.</summary>
    public void WriteTo(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Metadata[MetadataKey] = JsonSerializer.Serialize(this, ReportJsonContext.Compact.Manifest);
    }
}

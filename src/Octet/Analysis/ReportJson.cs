using System.Text.Json;

namespace Octet.Analysis;

/// <summary>
/// Reports as JSON (UTF-8): the records' properties in camel case, in their order, numbers in the invariant culture, <c>"Infinity"</c>,
/// <c>"-Infinity"</c> and <c>"NaN"</c> as texts.
/// </summary>
public static class ReportJson
{
    /// <summary>Writes a report, indented, with a line feed at the end.</summary>
    public static void Write(RunReport report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        JsonSerializer.Serialize(stream, report, ReportJsonContext.Indented.RunReport);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes the report of a quantization alone.</summary>
    public static void Write(QuantizationReport report, Stream stream) => Write(new RunReport { Quantization = report }, stream);

    /// <summary>Reads what <see cref="Write(RunReport, Stream)"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static RunReport Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return JsonSerializer.Deserialize(stream, ReportJsonContext.Indented.RunReport) ?? throw new JsonException("The JSON is null, not a report.");
    }
}

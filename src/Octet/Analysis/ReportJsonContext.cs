using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>How reports and manifests become JSON: properties in the order of the records, in camel case; infinities and NaN as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(CamelCase<ElementType>),
        typeof(CamelCase<QuantizationMode>),
        typeof(CamelCase<Effort>),
        typeof(CamelCase<SaturationPolicy>),
        typeof(CamelCase<OutputForm>),
    ])]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ReportJsonContext : JsonSerializerContext
{
    private static readonly Lazy<ReportJsonContext> OnOneLine = new(() => With(indented: false));
    private static readonly Lazy<ReportJsonContext> OnLines = new(() => With(indented: true));

    /// <summary>On one line.</summary>
    public static ReportJsonContext Compact => OnOneLine.Value;

    /// <summary>For people; lines end in a line feed everywhere.</summary>
    public static ReportJsonContext Indented => OnLines.Value;

    // Names of layers are shown as they are: the output is JSON in a file, not text inside HTML.
    private static ReportJsonContext With(bool indented)
        => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = indented, NewLine = "\n" });

    private sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;
}

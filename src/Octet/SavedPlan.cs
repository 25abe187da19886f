using System.Text.Json;
using Octet.Analysis;
using Octet.Numerics;

namespace Octet;

/// <summary>
/// The ranges that an earlier quantization chose, to quantize or analyze with again without choosing them anew: what its report tells. The same model, samples and
/// options then give the same bytes.
/// </summary>
public sealed record SavedPlan
{
    private const long MostBytes = 256 << 20;

    /// <summary>Name of the target that it is for.</summary>
    public required string Target { get; init; }

    /// <summary>The quantized activations.</summary>
    public required IReadOnlyList<TensorReport> Tensors { get; init; }

    /// <summary>Whether weights were rounded to make up for the errors before them (<see cref="Effort.High"/>); null where that was not tried.</summary>
    public bool? WeightsInOrder { get; init; }

    /// <summary>How far the search had come when it was ended early; null where it was not.</summary>
    public string? SearchCutShort { get; init; }

    /// <summary>The plan of a report.</summary>
    public static SavedPlan Of(QuantizationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new SavedPlan { Target = report.Target, Tensors = report.Tensors, WeightsInOrder = report.WeightsInOrder, SearchCutShort = report.SearchCutShort };
    }

    /// <summary>Reads the plan of a report as JSON, as <c>octet quantize</c> and <see cref="ReportJson"/> write it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PlanMalformed"/>: there is no such file, or it is no report with quantized activations.</exception>
    public static SavedPlan Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
            {
                throw Malformed(path, $"it has {stream.Length >> 20} MB, more than {MostBytes >> 20}");
            }

            return ReportJson.Read(stream).Quantization is { Tensors.IsDefaultOrEmpty: false } report ? Of(report) : throw Malformed(path, "it tells of no quantized activations");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Malformed(path, e.Message);
        }
    }

    /// <summary>The parameters of a tensor, and the method that they are from.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="type">Type of quantized activations.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PlanStranger"/>: there are none, or they are not of that type.</exception>
    internal (QuantParams Params, string? Method) ParamsOf(string tensor, QuantType type)
    {
        var saved = Tensors.FirstOrDefault(t => t.Name == tensor) ?? throw Stranger($"the plan lacks tensor \"{tensor}\"");
        return float.IsFinite(saved.Scale) && saved.Scale > 0 && saved.ZeroPoint >= type.Min && saved.ZeroPoint <= type.Max
            ? (new QuantParams(type, saved.Scale, saved.ZeroPoint), saved.Method)
            : throw Stranger(FormattableString.Invariant($"the plan has scale {saved.Scale} and zero point {saved.ZeroPoint} for \"{tensor}\"; a scale is greater than 0, a zero point of {type} from {type.Min} to {type.Max}"));
    }

    /// <summary>Checks that the plan is for a target.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PlanStranger"/>: it is for another.</exception>
    internal void RequireTarget(string target)
    {
        if (Target != target)
        {
            throw Stranger($"the plan is for target {Target}, not for {target}");
        }
    }

    private static OctetException Stranger(string problem) => new(ErrorCodes.PlanStranger, problem, "give the options and the model that the plan was made with, or leave the plan out");

    private static OctetException Malformed(string path, string problem)
        => new(ErrorCodes.PlanMalformed, $"\"{path}\" is no plan: {problem}", "give the JSON report that octet quantize wrote beside its model");
}

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet run</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Model">Path of the model, as the user gave it.</param>
/// <param name="Output">Path of the array or arrays, as the user gave it.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Engine">What ran the model.</param>
/// <param name="Arithmetic">The integer engine's arithmetic; null for ONNX Runtime.</param>
/// <param name="Outputs">Names and shapes of the arrays.</param>
/// <param name="Milliseconds">The median of the time that a sample took.</param>
/// <param name="FloatLayers">Layers that the integer engine ran as floats, and why.</param>
internal sealed record RunCommandResult(
    string Version, string Model, string Output, int Samples, string Engine, string? Arithmetic, IReadOnlyDictionary<string, IReadOnlyList<long>> Outputs, double Milliseconds,
    IReadOnlyDictionary<string, string> FloatLayers);

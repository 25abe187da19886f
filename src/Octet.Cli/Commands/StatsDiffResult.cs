using Octet.Calibration.Advice;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet stats diff</c>.</summary>
/// <param name="First">Path of the first file, as the user gave it.</param>
/// <param name="Second">Path of the second.</param>
/// <param name="Origin">In what their origins differ.</param>
/// <param name="Unlike">Number of tensors that differ by more than chance.</param>
/// <param name="Tensors">The tensors that are in both.</param>
internal sealed record StatsDiffResult(string First, string Second, IReadOnlyList<string> Origin, int Unlike, IReadOnlyList<TensorDrift> Tensors);

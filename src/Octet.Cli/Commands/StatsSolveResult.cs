using Octet.Calibration.Files;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet stats solve</c>.</summary>
/// <param name="File">Path of the statistics, as the user gave it.</param>
/// <param name="Method">The threshold method.</param>
/// <param name="Target">Whose type and scheme of activations.</param>
/// <param name="Samples">Samples that the statistics have seen.</param>
/// <param name="Tensors">What the method chose, tensor by tensor.</param>
internal sealed record StatsSolveResult(string File, string Method, string Target, int Samples, IReadOnlyList<SolvedTensor> Tensors);

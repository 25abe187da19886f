using Octet.Analysis;

namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet dumps</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Reference">The folder of the simulation.</param>
/// <param name="Hardware">The folder of the hardware.</param>
/// <param name="Tensors">Measures of each tensor.</param>
internal sealed record DumpsResult(string Version, string Reference, string Hardware, IReadOnlyDictionary<string, ErrorMeasures> Tensors);

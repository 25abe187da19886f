namespace Octet.Cli.Commands;

/// <summary>The JSON of <c>octet convert</c>.</summary>
/// <param name="Version">Version of Octet.</param>
/// <param name="Model">Path of the model that was read, as the user gave it.</param>
/// <param name="Output">Path of the model that was written, as the user gave it.</param>
/// <param name="NodesBefore">Nodes of the main graph as it was read.</param>
/// <param name="Nodes">Nodes of the main graph as it was written.</param>
/// <param name="Rewrites">How many places each rewrite changed; those that changed none are absent.</param>
internal sealed record ConvertResult(string Version, string Model, string Output, int NodesBefore, int Nodes, IReadOnlyDictionary<string, int> Rewrites);

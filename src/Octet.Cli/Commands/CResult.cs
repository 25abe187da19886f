namespace Octet.Cli.Commands;

/// <summary>The JSON of C that was written.</summary>
/// <param name="Folder">Path of the folder, as the user gave it.</param>
/// <param name="Name">The identifier that all names begin with.</param>
/// <param name="MemoryBytes">Static working memory, inputs and outputs not counted.</param>
/// <param name="ConstantBytes">Weights, biases and tables.</param>
/// <param name="MultiplyAccumulates">Of one run.</param>
/// <param name="Files">Names of the files.</param>
internal sealed record CResult(string Folder, string Name, long MemoryBytes, long ConstantBytes, long MultiplyAccumulates, IReadOnlyList<string> Files);

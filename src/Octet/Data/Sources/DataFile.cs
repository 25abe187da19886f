namespace Octet.Data.Sources;

/// <summary>A file that holds one sample.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What the user calls it: its name in the folder or list.</param>
/// <param name="Label">Its class, where a list tells it.</param>
internal sealed record DataFile(string Path, string Name, int? Label);

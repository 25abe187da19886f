namespace Octet.Analysis.Causes;

/// <summary>A place where a cause shows.</summary>
/// <param name="Place">The name of the layer or tensor, for people.</param>
/// <param name="Sign">How it shows, with figures.</param>
/// <param name="Layers">Keys of the layers that would have to stay float to be rid of it.</param>
public sealed record Suspicion(string Place, string Sign, params string[] Layers);

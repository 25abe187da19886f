namespace Octet.Graphs;

/// <summary>A type that Octet does not look into (sequence, optional, map, sparse tensor), as its file format represents it.</summary>
/// <param name="Payload">The format's own object, written back as it came.</param>
public sealed record OpaqueType(object Payload) : GraphType;

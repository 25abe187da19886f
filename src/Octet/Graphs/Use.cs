namespace Octet.Graphs;

/// <summary>One input of one node.</summary>
/// <param name="Node">The node that reads.</param>
/// <param name="Index">Position among its inputs, from 0.</param>
public readonly record struct Use(Node Node, int Index);

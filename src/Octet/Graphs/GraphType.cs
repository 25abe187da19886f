namespace Octet.Graphs;

/// <summary>What is known of a value's type before anything ran.</summary>
public abstract record GraphType;

namespace Octet.Cli.Terminal;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal readonly record struct Column(string Heading, bool IsNumber = false);

namespace Octet.Cli.Terminal;

/// <summary>A table for people.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">A cell a column.</param>
internal sealed record TextTable(string Title, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

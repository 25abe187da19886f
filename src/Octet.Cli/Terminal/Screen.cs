using Spectre.Console;

namespace Octet.Cli.Terminal;

/// <summary>
/// Where results for people go. On a terminal tables have lines and colours; elsewhere the same words are plain text in aligned columns,
/// without a single escape code.
/// </summary>
internal sealed class Screen
{
    private readonly TextWriter writer;
    private readonly Lazy<IAnsiConsole>? drawn;

    /// <summary>Makes a screen.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="traits">What the writer's end can show.</param>
    /// <param name="verbosity">How much is told.</param>
    public Screen(TextWriter writer, OutputTraits traits, Verbosity verbosity)
    {
        this.writer = writer;
        Verbosity = verbosity;

        // Spectre's own detection writes colours into pipes, and loading it costs time: both only where it draws.
        drawn = !traits.IsTerminal ? null : new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = traits.HasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = traits.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        }));
    }

    /// <summary>How much is told.</summary>
    public Verbosity Verbosity { get; }

    /// <summary>Writes a line.</summary>
    public void Line(string text = "")
    {
        if (Verbosity != Verbosity.Quiet)
        {
            writer.WriteLine(text);
        }
    }

    /// <summary>Writes a heading.</summary>
    public void Heading(string text)
    {
        if (Verbosity != Verbosity.Quiet)
        {
            Draw(c => c.MarkupLineInterpolated($"[bold]{text}[/]"), () => writer.WriteLine(text));
        }
    }

    /// <summary>Writes names and what is to be told of each, aligned.</summary>
    public void Facts(IReadOnlyList<(string Name, string Text)> facts)
    {
        if (Verbosity == Verbosity.Quiet || facts.Count == 0)
        {
            return;
        }

        Draw(c => c.Write(Drawn(facts)), () =>
        {
            int width = facts.Max(f => f.Name.Length);
            foreach (var (name, text) in facts)
            {
                writer.WriteLine($"  {name.PadRight(width)}  {text}");
            }
        });
    }

    /// <summary>Writes a table, after an empty line; nothing where it has no rows.</summary>
    public void Table(TextTable table)
    {
        if (Verbosity == Verbosity.Quiet || table.Rows.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        Heading(table.Title);
        Draw(c => c.Write(Drawn(table)), () => Plain(table));
    }

    private static Grid Drawn(IReadOnlyList<(string Name, string Text)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0) }).AddColumn(new GridColumn { Padding = new Padding(0) });
        foreach (var (name, text) in facts)
        {
            grid.AddRow(new Text(name, new Style(Color.Blue)), new Text(text));
        }

        return grid;
    }

    private static Table Drawn(TextTable table)
    {
        var drawn = new Table { Border = TableBorder.Rounded };
        foreach (var column in table.Columns)
        {
            drawn.AddColumn(new TableColumn(new Text(column.Heading)) { Alignment = column.IsNumber ? Justify.Right : Justify.Left });
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Select(cell => new Text(cell)));
        }

        return drawn;
    }

    private void Plain(TextTable table)
    {
        int[] widths = [.. table.Columns.Select((c, i) => table.Rows.Max(r => r[i].Length) is var w && w > c.Heading.Length ? w : c.Heading.Length)];
        string Joined(IEnumerable<string> cells)
            => "  " + string.Join("  ", cells.Select((cell, i) => table.Columns[i].IsNumber ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();
        writer.WriteLine(Joined(table.Columns.Select(c => c.Heading)));
        writer.WriteLine(Joined(widths.Select(w => new string('-', w))));
        foreach (var row in table.Rows)
        {
            writer.WriteLine(Joined(row));
        }
    }

    private void Draw(Action<IAnsiConsole> draw, Action plain)
    {
        if (drawn is null)
        {
            plain();
        }
        else
        {
            draw(drawn.Value);
        }
    }
}

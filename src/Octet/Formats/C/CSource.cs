using System.Globalization;
using System.Text;

namespace Octet.Formats.C;

/// <summary>The text of a C file as it grows: indented lines, arrays, and the functions that steps share, each once.</summary>
internal sealed class CSource
{
    private const int LineWidth = 110;

    private readonly StringBuilder constants = new();
    private readonly StringBuilder functions = new();
    private readonly SortedDictionary<string, string> shared = new(StringComparer.Ordinal);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private int indent;

    /// <summary>Arrays that steps use while they run, by name: type and elements, of the step that needs most.</summary>
    public SortedDictionary<string, (string Type, int Count)> Scratch { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of all constants.</summary>
    public long ConstantBytes { get; private set; }

    /// <summary>The functions that steps share, in the order of their names.</summary>
    public string Shared => string.Join('\n', shared.Values);

    /// <summary>All arrays.</summary>
    public string Constants => constants.ToString();

    /// <summary>The functions of the steps.</summary>
    public string Functions => functions.ToString();

    /// <summary>An identifier that no other has.</summary>
    public string Name(string wanted)
    {
        string name = CName.Of(wanted);
        for (int i = 2; !names.Add(name); i++)
        {
            name = FormattableString.Invariant($"{CName.Of(wanted)}_{i}");
        }

        return name;
    }

    /// <summary>Adds a line.</summary>
    public void Line(FormattableString line) => Line(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a line; one that opens a block indents what follows, one that closes it does not.</summary>
    public void Line(string line = "")
    {
        if (line.StartsWith('}'))
        {
            indent--;
        }

        _ = line.Length == 0 ? functions.Append('\n') : functions.Append(' ', 4 * indent).Append(line).Append('\n');
        if (line.EndsWith('{'))
        {
            indent++;
        }
    }

    /// <summary>Closes blocks.</summary>
    public void Close(int count = 1)
    {
        for (; count > 0; count--)
        {
            Line("}");
        }
    }

    /// <summary>Adds a constant array.</summary>
    /// <param name="type">Type of an element.</param>
    /// <param name="name">Its identifier.</param>
    /// <param name="values">The elements.</param>
    /// <param name="comment">What it is.</param>
    public void Array(string type, string name, ReadOnlySpan<int> values, string comment)
    {
        ConstantBytes += values.Length * (long)SizeOf(type);
        constants.Append(CultureInfo.InvariantCulture, $"/* {comment} */\nstatic const {type} {name}[{values.Length}] = {{");
        AppendValues(constants, values);
        constants.Append("};\n\n");
    }

    /// <summary>Bytes of a type.</summary>
    public static int SizeOf(string type) => type switch { "int8_t" or "uint8_t" => sizeof(byte), "int16_t" or "uint16_t" => sizeof(short), "int64_t" => sizeof(long), _ => sizeof(int) };

    /// <summary>Adds a function that steps share.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its text, which ends in a line feed.</param>
    public void Share(string name, string text) => shared[name] = text;

    /// <summary>Sees to it that a scratch array has room.</summary>
    public void Need(string name, string type, int count) => Scratch[name] = (type, Math.Max(count, Scratch.TryGetValue(name, out var known) ? known.Count : 0));

    /// <summary>Appends numbers between commas, broken into lines.</summary>
    public static void AppendValues(StringBuilder text, ReadOnlySpan<int> values)
    {
        int column = LineWidth;
        for (int i = 0; i < values.Length; i++)
        {
            // The least number has no literal of its own in C.
            string number = values[i] == int.MinValue ? "(-2147483647 - 1)" : values[i].ToString(CultureInfo.InvariantCulture);
            if (column + number.Length + 2 > LineWidth)
            {
                text.Append("\n    ");
                column = 4;
            }

            text.Append(number).Append(i + 1 < values.Length ? ", " : "\n");
            column += number.Length + 2;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Octet.Analysis;

/// <summary>
/// A measure that a program computes: it gets the folder of <see cref="SavedOutputs"/> as its last argument and prints a number as its last line.
/// No shell takes part.
/// </summary>
public sealed class CommandMetric : IMetric
{
    private const int KeptCharacters = 4096;

    private readonly string program;
    private readonly string[] arguments;

    /// <summary>Takes a command apart.</summary>
    /// <param name="command">A program and its arguments between spaces; single or double quotes keep spaces in an argument.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: there is no program, or a quote is not closed.</exception>
    public CommandMetric(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        string[] words = Split(command);
        program = words.Length > 0 && words[0].Length > 0
            ? words[0]
            : throw new OctetException(ErrorCodes.InvalidUsage, "the metric's command names no program", "write, for example, \"python3 score.py\"");
        arguments = words[1..];
        Name = Path.GetFileName(words.LastOrDefault(w => !w.StartsWith('-'), program));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public double Compute(SavedOutputs outputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var start = new ProcessStartInfo(program, [.. arguments, outputs.Folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Start(start);
        process.StandardInput.Close();
        using var registration = cancellationToken.Register(() => Kill(process));
        var error = Task.Run(() => End(process.StandardError), CancellationToken.None);
        string output = End(process.StandardOutput);
        process.WaitForExit();
        string complaint = error.Result.Trim();
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            string words = complaint.Length > 0 ? ": " + complaint : string.Empty;
            throw new OctetException(ErrorCodes.MetricFailed, $"the metric's command \"{program}\" ended with exit status {process.ExitCode}{words}");
        }

        string last = output.TrimEnd().Split('\n')[^1].Trim();
        return double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new OctetException(
                ErrorCodes.MetricFailed, $"the last line that the metric's command \"{program}\" printed is \"{last}\", not a finite number", "print the measure, with a decimal point, as the last line");
    }

    private static string[] Split(string command)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in command)
        {
            if (quote != '\0')
            {
                (quote, word) = c == quote ? ('\0', word) : (quote, word!.Append(c));
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (!char.IsWhiteSpace(c))
            {
                word = (word ?? new StringBuilder()).Append(c);
            }
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        if (quote != '\0')
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"a quote ({quote}) of the metric's command is not closed: {command}", "close it");
        }

        return word is null ? [.. words] : [.. words, word.ToString()];
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new OctetException(ErrorCodes.MetricFailed, $"the metric's command \"{start.FileName}\" cannot be started: {e.Message}", "check the program's name and rights", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    // The last characters of what a program prints, however much that is.
    private static string End(StreamReader reader)
    {
        var kept = new StringBuilder();
        var buffer = new char[KeptCharacters];
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            kept.Append(buffer, 0, read);
            if (kept.Length > KeptCharacters)
            {
                kept.Remove(0, kept.Length - KeptCharacters);
            }
        }

        return kept.ToString();
    }
}

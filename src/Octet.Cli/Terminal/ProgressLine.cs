using System.Diagnostics;
using System.Globalization;

namespace Octet.Cli.Terminal;

/// <summary>
/// Shows how far long work is, on standard error: a bar that moves on a terminal, a line now and then elsewhere. Work of less than
/// two seconds shows nothing.
/// </summary>
internal sealed class ProgressLine : IProgress<QuantizationProgress>, IDisposable
{
    /// <summary>To be written before what shall stand alone on a terminal's line: also takes away the ^C that it shows.</summary>
    public const string StartOfClearLine = "\r\u001b[K";

    private const int BarWidth = 24;

    private static readonly TimeSpan ShortWork = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly TextWriter writer;
    private readonly bool moves;
    private readonly Timer timer;
    private QuantizationProgress latest = new("starting", 0, 1, 0);
    private TimeSpan next;
    private bool isShown;
    private bool isOver;

    /// <summary>Starts the clock.</summary>
    /// <param name="writer">Standard error.</param>
    /// <param name="moves">Whether it is a terminal on which a line can be written over.</param>
    /// <param name="patience">How long nothing is shown; null for two seconds.</param>
    public ProgressLine(TextWriter writer, bool moves, TimeSpan? patience = null)
    {
        this.writer = writer;
        this.moves = moves;
        var interval = moves ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(1);
        timer = new Timer(_ => Tick(), null, patience ?? ShortWork, interval);
    }

    /// <inheritdoc/>
    public void Report(QuantizationProgress value)
    {
        lock (gate)
        {
            latest = value;
        }
    }

    /// <summary>Takes the progress of a part of the work.</summary>
    /// <param name="start">Share of the whole before it, 0 to 1.</param>
    /// <param name="share">Share of the whole that it is, 0 to 1.</param>
    public IProgress<QuantizationProgress> Part(double start, double share) => new PartialProgress(this, start, share);

    /// <summary>Counts the steps of a part of the work.</summary>
    /// <param name="phase">What is being done, for people.</param>
    /// <param name="total">Number of steps.</param>
    /// <param name="start">Share of the whole before it, 0 to 1.</param>
    /// <param name="share">Share of the whole that it is, 0 to 1.</param>
    /// <returns>To be called once a step, by any thread.</returns>
    public Action Steps(string phase, int total, double start = 0, double share = 1)
    {
        int done = 0;
        return () =>
        {
            int now = Interlocked.Increment(ref done);
            Report(new QuantizationProgress(phase, now, total, start + (share * now / total)));
        };
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            isOver = true;
            Clear();
        }
    }

    private void Tick()
    {
        lock (gate)
        {
            // A tick may be under way while the timer is disposed.
            if (isOver)
            {
                return;
            }

            if (moves)
            {
                writer.Write($"{StartOfClearLine}{Bar(latest.Overall)} {Words()}");
                isShown = true;
            }
            else if (watch.Elapsed >= next)
            {
                next = watch.Elapsed + BetweenLines;
                writer.WriteLine(Words());
            }

            writer.Flush();
        }
    }

    private void Clear()
    {
        if (isShown)
        {
            writer.Write(StartOfClearLine);
            writer.Flush();
            isShown = false;
        }
    }

    private string Words()
    {
        string step = latest.Total > 1 ? string.Create(CultureInfo.InvariantCulture, $" {latest.Done} of {latest.Total}") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{latest.Overall * 100,3:0} % {latest.Phase}{step}{Left()}");
    }

    private string Left()
    {
        if (latest.Overall is < 0.02 or >= 1)
        {
            return string.Empty;
        }

        var left = watch.Elapsed * ((1 - latest.Overall) / latest.Overall);
        return left.TotalSeconds < 90
            ? string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(left.TotalSeconds):0} s left")
            : string.Create(CultureInfo.InvariantCulture, $", {Math.Ceiling(left.TotalMinutes):0} min left");
    }

    private static string Bar(double share)
    {
        int full = (int)(share * BarWidth);
        return $"[{new string('#', full)}{new string('.', BarWidth - full)}]";
    }

    private sealed class PartialProgress(ProgressLine whole, double start, double share) : IProgress<QuantizationProgress>
    {
        public void Report(QuantizationProgress value) => whole.Report(value with { Overall = start + (share * value.Overall) });
    }
}

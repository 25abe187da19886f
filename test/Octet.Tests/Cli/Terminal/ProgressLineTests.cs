using Octet.Cli.Terminal;

namespace Octet.Tests.Cli.Terminal;

public sealed class ProgressLineTests
{
    [Fact]
    public async Task Report_LongWorkRedirected_GivesPlainLinesWithTimeLeft()
    {
        using var writer = new LockedWriter();
        using (var progress = new ProgressLine(writer, moves: false, patience: TimeSpan.FromMilliseconds(200)))
        {
            progress.Part(0.5, 0.5).Report(new QuantizationProgress("calibration", 32, 64, 0.5));
            await Eventually(() => writer.ToString().Contains("left", StringComparison.Ordinal));
        }

        Assert.Matches(@"^( +\d+ % starting\n)? 75 % calibration 32 of 64, \d+ s left\n$", writer.ToString());
    }

    [Fact]
    public async Task Report_LongWorkOnATerminal_MovesABarAndTakesItAway()
    {
        using var writer = new LockedWriter();
        using (var progress = new ProgressLine(writer, moves: true, patience: TimeSpan.Zero))
        {
            progress.Steps("evaluation", 2)();
            await Eventually(() => writer.ToString().Contains("[############............]  50 % evaluation 1 of 2", StringComparison.Ordinal));
        }

        Assert.DoesNotContain('\n', writer.ToString());
        Assert.EndsWith("\r\u001b[K", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ShortWork_ShowsNothing()
    {
        using var writer = new LockedWriter();
        using (var progress = new ProgressLine(writer, moves: true, patience: TimeSpan.FromMinutes(1)))
        {
            progress.Report(new QuantizationProgress("reading", 1, 1, 1));
        }

        Assert.Equal("", writer.ToString());
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (int i = 0; i < 1000 && !holds(); i++)
        {
            await Task.Delay(20);
        }

        Assert.True(holds());
    }

    /// <summary>Written by a timer's thread, read by the test's.</summary>
    private sealed class LockedWriter : StringWriter
    {
        private readonly Lock gate = new();

        public LockedWriter() => NewLine = "\n";

        public override void Write(string? value)
        {
            lock (gate)
            {
                base.Write(value);
            }
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override string ToString()
        {
            lock (gate)
            {
                return base.ToString();
            }
        }
    }
}

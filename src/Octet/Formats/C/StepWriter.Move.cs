using System.Collections.Immutable;
using Octet.Integers.Steps;

namespace Octet.Formats.C;

/// <summary>What puts elements elsewhere.</summary>
internal sealed partial class StepWriter
{
    private void WriteConcat(string name, ConcatStep step)
    {
        Open(name, step, [.. step.Parts.Select((_, p) => OfCulture($"x{p}"))]);
        int whole = step.Y.Count / step.Outer;
        For("o", step.Outer);
        int at = 0;
        for (int p = 0; p < step.Parts.Length; p++)
        {
            int run = step.Parts[p].Count / step.Outer;
            For("i", run);
            source.Line($"y[o * {whole} + {at} + i] = x{p}[o * {run} + i];");
            source.Close();
            at += run;
        }

        source.Close();
    }

    private void WriteMove(string name, MoveStep step)
    {
        Open(name, step, "x");
        if (Strides(step) is { } dimensions)
        {
            string from = OfCulture($"{step.Sources[0]}");
            string to = "0";
            foreach (var (d, (count, stride)) in dimensions.Index())
            {
                For(OfCulture($"d{d}"), count);
                from += OfCulture($" + d{d} * {stride}");
                to = d == 0 ? "d0" : OfCulture($"({to}) * {count} + d{d}");
            }

            source.Line($"y[{to}] = x[{from}];");
            source.Close(dimensions.Count);
            return;
        }

        WriteByTable(name, step);
    }

    private void WriteByTable(string name, MoveStep step)
    {
        var (run, period, stride) = step.Sources.Contains(-1) ? (1, step.Sources.Length, 0) : Pattern(step.Sources);
        string places = source.Name($"{name}_sources");
        int[] table = [.. Enumerable.Range(0, period).Select(p => step.Sources[p * run])];
        source.Array(step.X.Count <= short.MaxValue ? "int16_t" : "int32_t", places, table, $"{Comment(step.Name)}: where {(run == 1 ? "each element" : FormattableString.Invariant($"each run of {run}"))} comes from, -1 for nowhere");
        int repeats = step.Y.Count / (period * run);
        if (repeats > 1)
        {
            For("r", repeats);
        }

        For("i", period);
        if (run > 1)
        {
            For("n", run);
        }

        string index = repeats > 1 ? OfCulture($"r * {period} + i") : "i";
        string to = run == 1 ? index : OfCulture($"({index}) * {run} + n");
        string from = $"{places}[i]" + (repeats > 1 ? OfCulture($" + r * {stride}") : string.Empty) + (run > 1 ? " + n" : string.Empty);
        source.Line(step.Sources.Contains(-1) ? (FormattableString)$"y[i] = {places}[i] < 0 ? {step.Fill} : x[{places}[i]];" : $"y[{to}] = x[{from}];");
        source.Close(1 + (repeats > 1 ? 1 : 0) + (run > 1 ? 1 : 0));
    }

    // Elements that stay side by side, and how many such runs pass until all repeats some elements further on: a table need not tell more.
    private static (int Run, int Period, int Stride) Pattern(ImmutableArray<int> sources)
    {
        long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
        long run = sources.Length;
        for (int i = 1; i < sources.Length && run > 1; i++)
        {
            run = sources[i] == sources[i - 1] + 1 ? run : Divisor(run, i);
        }

        int count = sources.Length / (int)run;
        int At(int i) => sources[i * (int)run];
        int period = Enumerable.Range(1, count).First(p => count % p == 0 && Enumerable.Range(p, count - p).All(i => At(i) - At(i - p) == At(p) - At(0)));
        return ((int)run, period, period < count ? At(period) - At(0) : 0);
    }

    // The counts and steps of nested loops that go through the sources; null where there are none. Outermost first.
    private static List<(int Count, int Stride)>? Strides(MoveStep step)
    {
        var result = new List<(int Count, int Stride)>();
        var sources = step.Sources;
        int inner = 1;
        while (inner < sources.Length)
        {
            int stride = sources[inner] - sources[0];
            int count = 1;
            while (count * inner < sources.Length && sources[count * inner] == sources[0] + (count * stride))
            {
                count++;
            }

            if (count == 1 || sources.Length % (count * inner) != 0)
            {
                return null;
            }

            result.Insert(0, (count, stride));
            inner *= count;
        }

        if (result.Count == 0)
        {
            result.Add((1, 0));
        }

        for (int i = 0; i < sources.Length; i++)
        {
            int rest = i;
            int at = sources[0];
            foreach (var (count, stride) in Enumerable.Reverse(result))
            {
                at += rest % count * stride;
                rest /= count;
            }

            if (at != sources[i])
            {
                return null;
            }
        }

        return sources[0] < 0 ? null : result;
    }
}

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

        string places = source.Name($"{name}_sources");
        source.Array(step.X.Count <= short.MaxValue ? "int16_t" : "int32_t", places, step.Sources.AsSpan(), $"{Comment(step.Name)}: where each element comes from, -1 for nowhere");
        For("i", step.Y.Count);
        source.Line(step.Sources.Contains(-1) ? (FormattableString)$"y[i] = {places}[i] < 0 ? {step.Fill} : x[{places}[i]];" : $"y[i] = x[{places}[i]];");
        source.Close();
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

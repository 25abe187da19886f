using Octet.Calibration.Thresholds;
using Octet.Cli.Settings;
using Octet.Cli.Terminal;
using Octet.Data;
using Octet.Numerics;

namespace Octet.Cli.Commands;

/// <summary><c>octet threshold</c>: the range that a method chooses for plain values.</summary>
internal sealed class ThresholdCommand : ToolCommand
{
    private const int DefaultBits = 8;

    private readonly PathArgument values = new("values", "the values: an .npy file, or several between commas, each of them a batch");
    private readonly ChoiceSetting method = new("method", ["kl", .. ThresholdMethods.All.Select(m => m.Name).Where(n => n != "kl")], "how the range is chosen");
    private readonly NumberSetting<int> bits = new("bits", "bits of an integer", 2, 16, "8");
    private readonly ChoiceSetting scheme = new("scheme", ["symmetric", "asymmetric", "power-of-two"], "where zero lies: in the middle of the integers, anywhere, or in the middle with a power of two as scale");
    private readonly FlagSetting unsigned = new("unsigned", "integers from 0 on, for example 0 to 255");
    private readonly WordsSetting parameters = new("param", "KEY=VALUE", "a parameter of the method, by the name that its original has; may be repeated; --list tells them");
    private readonly NumberSetting<int> axis = new("axis", "a range for each index of this axis by itself; negative ones count from the last", -32, 31);
    private readonly NumberSetting<int> batch = new("batch", "rows of the first axis that make a batch", 1, byDefault: "a file is one");
    private readonly FlagSetting list = new("list", "list the methods with their parameters");
    private readonly CommonSettings common = new();

    public ThresholdCommand()
        : base("threshold", "Chooses a range for plain values, by any method: scale, zero point and the method's own figures.")
    {
        Add(values);
        AddAll([method, bits, scheme, unsigned, parameters, axis, batch, list, .. common.All, SettingsFile]);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("octet threshold activations.npy --method entropy", "TensorRT's choice for 8 bits"),
        ("octet threshold first.npy,second.npy --method ifmr --scheme asymmetric --param max_percentile=0.999,search_step=0.02 --json -", "two batches, as Ascend AMCT would"),
        ("octet threshold weights.npy --method arq --axis 0 --bits 4", "weights, a range for each output channel"),
        ("octet threshold images.npy --batch 1 --method ppq-percentile --scheme power-of-two", "each row is a batch; a shift instead of a scale"),
        ("octet threshold --list", "all methods and their parameters"),
    ];

    public override int Run(Invocation invocation)
    {
        if (invocation.Get(list))
        {
            JsonOutput.Write(invocation.Get(common.Json), ThresholdMethods.All);
            List(invocation.Screen(common));
            return 0;
        }

        var problems = new Problems();
        string? path = invocation.Get(values);
        problems.AddIf(path is null, "the values are missing", "name an .npy file, or several between commas");
        FilePaths.CheckOutput(problems, ("--json", invocation.Get(common.Json)), path, invocation.Get(SettingsFile));
        var given = problems.Try(() => new ThresholdParameters(invocation.Get(parameters)!));
        var named = ThresholdMethods.Find(invocation.Get(method)!);
        problems.Try(() => given is null ? null : new ThresholdSettings(named, given.Own));
        if (given is not null)
        {
            problems.AddIf(given.Bits is { } b && invocation.Get(bits) is { } other && b != other, "--bits and --param say different bits", "leave one out");
            problems.AddIf(given.Asymmetric is not null && invocation.IsGiven(scheme) && given.Asymmetric != (SchemeOf(invocation) == QuantScheme.Asymmetric), "--scheme and --param say different schemes", "leave one out");
            problems.AddIf(given.PerChannel == false && invocation.Get(axis) is not null, "--axis and --param say whether channels have ranges of their own", "leave one out");
        }

        string[] files = path is null ? [] : Path.Exists(path) ? [path] : path.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Tensor[] batches = [.. files.SelectMany(f => problems.Try(() => Batches(f, invocation.Get(batch))) ?? [])];
        problems.ThrowIfAny();

        var report = Solve(invocation, named, given!, files, batches);
        JsonOutput.Write(invocation.Get(common.Json), report);
        Tell(invocation.Screen(common), report);
        return 0;
    }

    private static IEnumerable<Tensor> Batches(string file, int? rows)
    {
        var tensor = ArrayValues.Read(file);
        if (tensor.Shape.Count == 0)
        {
            throw new OctetException(ErrorCodes.DataEmpty, $"\"{file}\" holds no values", "name a file with values in it");
        }

        int bad = Array.FindIndex(tensor.ToFloats(), v => !float.IsFinite(v));
        if (bad >= 0)
        {
            throw new OctetException(ErrorCodes.SampleNotFinite, $"\"{file}\" holds NaN or an infinity, first at index {bad}", "a range is chosen for finite values only");
        }

        if (rows is not { } size || tensor.Shape.Rank == 0)
        {
            return [tensor];
        }

        float[] all = tensor.ToFloats();
        var row = new Shape([.. tensor.Shape.Dimensions.Skip(1)]);
        long count = tensor.Shape[0];
        return [.. Enumerable.Range(0, (int)((count + size - 1) / size)).Select(i =>
        {
            long from = (long)i * size;
            long length = Math.Min(size, count - from);
            return Tensor.FromArray(all[(int)(from * row.Count)..(int)((from + length) * row.Count)], new Shape([length, .. row.Dimensions]));
        })];
    }

    private ThresholdReport Solve(Invocation invocation, IThresholdMethod named, ThresholdParameters given, string[] files, Tensor[] batches)
    {
        var type = new QuantType(given.Bits ?? invocation.Get(bits) ?? DefaultBits, !invocation.Get(unsigned));
        var chosen = given.Asymmetric is { } asymmetric && !invocation.IsGiven(scheme)
            ? asymmetric ? QuantScheme.Asymmetric : QuantScheme.Symmetric
            : SchemeOf(invocation);
        var report = new ThresholdReport
        {
            Version = Application.Version,
            Method = named.Name,
            Values = files,
            Batches = batches.Length,
            Count = batches.Sum(b => b.Shape.Count),
            Type = type.ToString(),
            Scheme = chosen == QuantScheme.PowerOfTwo ? "power-of-two" : chosen == QuantScheme.Asymmetric ? "asymmetric" : "symmetric",
        };
        if ((invocation.Get(axis) ?? (given.PerChannel == true ? 0 : null)) is { } along)
        {
            return report with { Channels = [.. ThresholdSolver.SolveAlong(named, batches, along, type, chosen, given.Own).Select(SolvedThreshold.Of)] };
        }

        var solved = SolvedThreshold.Of(ThresholdSolver.Solve(named, batches, type, chosen, given.Own));
        return report with { Min = solved.Min, Max = solved.Max, Scale = solved.Scale, ZeroPoint = solved.ZeroPoint, Figures = solved.Figures };
    }

    private QuantScheme SchemeOf(Invocation invocation) => Enum.Parse<QuantScheme>(invocation.Get(scheme)!.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);

    private static void Tell(Screen screen, ThresholdReport report)
    {
        screen.Heading(Figures.Text($"{report.Method} on {Figures.Of(report.Count, "value")} in {Figures.Of(report.Batches, "batch", "batches")}, {report.Type} {report.Scheme}"));
        if (report.Channels is { } channels)
        {
            screen.Table(new TextTable(
                "Channels",
                [new("index", true), new("min", true), new("max", true), new("scale", true), new("zero point", true)],
                [.. channels.Select((c, i) => new[] { Figures.Text($"{i}"), Figures.Text($"{c.Min:G7}"), Figures.Text($"{c.Max:G7}"), Figures.Text($"{c.Scale:G9}"), Figures.Text($"{c.ZeroPoint}") })]));
            return;
        }

        screen.Facts(
        [
            ("min", Figures.Text($"{report.Min:G7}")),
            ("max", Figures.Text($"{report.Max:G7}")),
            ("scale", Figures.Text($"{report.Scale:G9}")),
            ("zero point", Figures.Text($"{report.ZeroPoint}")),
            .. report.Figures!.Select(f => (f.Key, Figures.Text($"{f.Value:G7}"))),
        ]);
    }

    private static void List(Screen screen)
    {
        screen.Table(new TextTable("Methods", [new("method"), new("range")], [.. ThresholdMethods.All.Select(m => new[] { m.Name, m.Description })]));
        screen.Table(new TextTable(
            "Parameters",
            [new("method"), new("parameter"), new("default", true), new("least", true), new("most", true), new("meaning")],
            [.. ThresholdMethods.All.SelectMany(m => m.Parameters.Select(p => new[]
            {
                m.Name, string.Join(", ", [p.Name, .. p.Aliases]), Figures.Text($"{p.Default:G7}"), Figures.Text($"{p.Min:G7}"), Figures.Text($"{p.Max:G7}"), p.Description,
            }))]));
    }
}

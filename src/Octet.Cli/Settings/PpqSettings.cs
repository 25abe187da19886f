using System.Text.Json;
using System.Text.Json.Nodes;
using Octet.Dialects.Ppq;

namespace Octet.Cli.Settings;

/// <summary>PPQ's own settings: a file of PPQ's, and the options that win over it.</summary>
internal sealed class PpqSettings
{
    private const int LargestBytes = 1 << 20;

    private readonly TextSetting platform = new("platform", "PLATFORM", $"PPQ's target platform: {string.Join(", ", TargetPlatform.All.Select(p => p.Name))}");
    private readonly TextSetting setting = new("setting", "FILE", "PPQ's settings as JSON: UnbelievableUserFriendlyQuantizationSetting or QuantizationSetting; the options here win over it");
    private readonly TextSetting calibration = new("calibration", "ALGORITHM", "observer of activations: minmax, percentile (by default), kl, mse or isotone");
    private readonly FlagSetting noEqualization = new("no-equalization", "do not equalize weights (PPQ's equalization=False)");
    private readonly NumberSetting<int> finetuneSteps = new("finetune-steps", "steps of training, which Octet does not do yet: it warns and goes on without", 0, byDefault: "500");
    private readonly NumberSetting<double> finetuneLr = new("finetune-lr", "learning rate of the training", 0, byDefault: "3e-5");
    private readonly TextsSetting nonQuantableOp = new("non-quantable-op", "NAME", "an operator that stays float; may be given several times");
    private readonly TextSetting dispatcher = new("dispatcher", "NAME", "which operators are quantized: conservative (by default), aggresive, pplnn or pointwise");
    private readonly TextSetting dispatchingTable = new("dispatching-table", "FILE", "JSON of operators and their platforms, by PPQ's numbers or names; it wins over the dispatcher");
    private readonly TextSetting writeSetting = new("write-setting", "FILE", "write all settings in force as PPQ's QuantizationSetting, as JSON");

    /// <summary>The options, in the order of help.</summary>
    public IReadOnlyList<System.CommandLine.Option> All => [platform, setting, calibration, noEqualization, finetuneSteps, finetuneLr, nonQuantableOp, dispatcher, dispatchingTable, writeSetting];

    /// <summary>Files that are read.</summary>
    public IEnumerable<string?> Inputs(Invocation invocation) => [invocation.Get(setting), invocation.Get(dispatchingTable)];

    /// <summary>Where the settings in force go; null for nowhere.</summary>
    public string? Written(Invocation invocation) => invocation.Get(writeSetting);

    /// <summary>The platform and the settings in force.</summary>
    /// <param name="invocation">The run.</param>
    /// <param name="warnings">Told what PPQ would warn of.</param>
    /// <exception cref="OctetException">A file cannot be read, a name is not known, or no platform is named.</exception>
    public (TargetPlatform Platform, QuantizationSetting Setting) Read(Invocation invocation, ICollection<string> warnings)
    {
        string? path = invocation.Get(setting);
        string? json = path is null ? null : ReadText(path);
        string? name = invocation.Get(platform);
        var full = json is not null && !HasPlatform(json) ? QuantizationSetting.FromJson(json, $"\"{path}\"", warnings) : null;
        if (full is null)
        {
            var user = json is not null ? UnbelievableUserFriendlyQuantizationSetting.FromJson(json, $"\"{path}\"", warnings) : new() { Platform = name ?? throw NoPlatform() };
            name ??= user.Platform;
            full = (user with
            {
                Platform = name,
                Calibration = invocation.Get(calibration) ?? user.Calibration,
                Equalization = user.Equalization && !invocation.Get(noEqualization),
                FinetuneSteps = invocation.Get(finetuneSteps) ?? user.FinetuneSteps,
                FinetuneLr = invocation.Get(finetuneLr) ?? user.FinetuneLr,
            }).ConvertToDaddySetting();
        }
        else
        {
            full = full with
            {
                QuantizeActivationSetting = full.QuantizeActivationSetting with { CalibAlgorithm = invocation.Get(calibration) ?? full.QuantizeActivationSetting.CalibAlgorithm },
                Equalization = full.Equalization && !invocation.Get(noEqualization),
                LsqOptimization = invocation.Get(finetuneSteps) is { } steps ? steps > 0 : full.LsqOptimization,
                LsqOptimizationSetting = full.LsqOptimizationSetting with
                {
                    Steps = invocation.Get(finetuneSteps) ?? full.LsqOptimizationSetting.Steps,
                    Lr = invocation.Get(finetuneLr) ?? full.LsqOptimizationSetting.Lr,
                },
            };
        }

        var table = invocation.Get(nonQuantableOp)!.Aggregate(full.DispatchingTable, (t, operation) => t.Append(operation, DispatchingTable.Fp32));
        table = (invocation.Get(dispatchingTable) is { } file ? TableOf(file) : []).Aggregate(table, (t, entry) => t.Append(entry.Operation, entry.Platform));
        return (TargetPlatform.Find(name ?? throw NoPlatform()), full with { Dispatcher = invocation.Get(dispatcher) ?? full.Dispatcher, DispatchingTable = table });
    }

    private static OctetException NoPlatform() => new(ErrorCodes.InvalidUsage, "no platform is named", "say --platform FPGA_INT8, for example");

    private static bool HasPlatform(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }) is JsonObject o && o.ContainsKey("platform");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The reader of settings tells what is wrong.
            return false;
        }
    }

    private static IEnumerable<(string Operation, int Platform)> TableOf(string path)
    {
        OctetException Malformed(string what, Exception? inner = null)
            => new(ErrorCodes.InvalidUsage, $"dispatching table \"{path}\": {what}", "write { \"operator\": \"FP32\", … }", inner);
        JsonObject table;
        try
        {
            table = JsonNode.Parse(ReadText(path)) as JsonObject ?? throw Malformed("it is no object");
            return [.. table.Select(e => (e.Key, PlatformOf(e.Value) ?? throw Malformed($"the platform of \"{e.Key}\" is neither a name nor a number of PPQ's")))];
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Malformed(e.Message, e);
        }
    }

    private static int? PlatformOf(JsonNode? value) => value switch
    {
        JsonValue v when v.TryGetValue(out int number) => number,
        JsonValue v when v.TryGetValue(out string? name) => name == "FP32" ? DispatchingTable.Fp32 : TargetPlatform.Find(name!).Id,
        _ => null,
    };

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > LargestBytes }
                ? throw new OctetException(ErrorCodes.InvalidUsage, $"\"{path}\" has more than {LargestBytes} bytes")
                : File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"\"{path}\" cannot be read: {e.Message}", "check the path", e);
        }
    }
}

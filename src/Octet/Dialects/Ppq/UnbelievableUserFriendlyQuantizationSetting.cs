using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Octet.Dialects.Ppq.Settings;

namespace Octet.Dialects.Ppq;

/// <summary>PPQ 0.6.6's settings for everybody (ppq/api/interface.py), with the same names and defaults.</summary>
public sealed record UnbelievableUserFriendlyQuantizationSetting
{
    /// <summary>PPQ's name of the platform, FPGA_INT8 for example.</summary>
    public required string Platform { get; init; }

    /// <summary>Steps of training a block; 0 for none. Octet warns and goes on without.</summary>
    public int FinetuneSteps { get; init; } = 500;

    /// <summary>Learning rate of the training.</summary>
    public double FinetuneLr { get; init; } = 3e-5;

    /// <summary>Names of the outputs that training looks at; null for all.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<string>? InterestedOutputs { get; init; }

    /// <summary>minmax, percentile, kl, mse or isotone.</summary>
    public string Calibration { get; init; } = "percentile";

    /// <summary>Whether weights are equalized.</summary>
    public bool Equalization { get; init; } = true;

    /// <summary>Names of operators that stay float; null for none.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<string>? NonQuantableOp { get; init; }

    /// <summary>The full settings that this stands for.</summary>
    public QuantizationSetting ConvertToDaddySetting()
    {
        var setting = new QuantizationSetting { QuantizeActivationSetting = new() { CalibAlgorithm = Calibration } };
        if (FinetuneSteps > 0)
        {
            setting = setting with { LsqOptimization = true, LsqOptimizationSetting = new() { Steps = FinetuneSteps, Lr = FinetuneLr } };
        }

        if (Equalization)
        {
            setting = setting with { Equalization = true, EqualizationSetting = new() { Iterations = 3, OptLevel = 1, ValueThreshold = 0 } };
        }

        var table = (NonQuantableOp ?? []).Aggregate(setting.DispatchingTable, (t, name) => t.Append(name, DispatchingTable.Fp32));
        return setting with { DispatchingTable = table };
    }

    /// <summary>The settings as PPQ writes them: sorted names, four spaces.</summary>
    public string ToJson() => SettingJson.Write(this, SettingJson.Context.UnbelievableUserFriendlyQuantizationSetting);

    /// <summary>Reads settings that PPQ wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What errors call it, its path for example.</param>
    /// <param name="warnings">Told names that PPQ does not have; they are left out, as PPQ does.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: it is no JSON of such settings, or names no platform.</exception>
    public static UnbelievableUserFriendlyQuantizationSetting FromJson(string json, string place, ICollection<string> warnings)
    {
        string platform = SettingJson.Parse(json, place)["platform"] is JsonValue value && value.TryGetValue(out string? name)
            ? name
            : throw new OctetException(ErrorCodes.InvalidUsage, $"{place} names no platform", "write \"platform\": \"FPGA_INT8\", for example");
        return SettingJson.Read(json, place, new UnbelievableUserFriendlyQuantizationSetting { Platform = platform }, SettingJson.Context.UnbelievableUserFriendlyQuantizationSetting, warnings);
    }
}

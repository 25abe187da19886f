using System.Text;
using System.Text.Json.Nodes;

namespace Octet.Dialects.Ppq.Exports;

/// <summary>The file that tells all configurations, which most of PPQ's exporters write.</summary>
internal static class ConfigJson
{
    /// <summary>Configurations of all tensors at all operators, the operators' platforms, scales and zero points by the configurations' numbers.</summary>
    public static string All(PpqGraph graph)
    {
        var configs = new JsonObject();
        var values = new JsonObject();
        foreach (var config in graph.Configs.Where(c => !c.IsFloat && !(c.State == QuantizationStates.Overlapped && c.Scales.Count == 0)))
        {
            if (configs[config.Operation] is not JsonObject ofOperation)
            {
                configs[config.Operation] = ofOperation = [];
            }

            ofOperation[config.Variable] = Of(config);
            if (config.State != QuantizationStates.Overlapped)
            {
                values[Number(config.Operation, config.Variable).ToString(System.Globalization.CultureInfo.InvariantCulture)] = new JsonObject
                {
                    ["scale"] = Values(config, config.Scales.Select(s => (double)s)),
                    ["zero_point"] = Values(config, config.ZeroPoints.Select(z => (double)z)),
                };
            }
        }

        var platforms = new JsonObject(graph.QuantizedOperations.Select(o => KeyValuePair.Create(o, (JsonNode?)graph.Platform.Name)));
        return Text(new JsonObject { ["configs"] = configs, ["dispatchings"] = platforms, ["values"] = values });
    }

    /// <summary>The number of a configuration: in PPQ one of the run, here the same in every run.</summary>
    public static uint Number(string operation, string variable)
    {
        // FNV-1a, 32 bits.
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes($"{operation}\n{variable}"))
        {
            hash = unchecked((hash ^ b) * 16777619);
        }

        return hash;
    }

    /// <summary>One value, or a list of one a channel.</summary>
    public static JsonNode Values(TensorQuantizationConfig config, IEnumerable<double> values)
        => config.IsPerChannel ? new JsonArray([.. values.Select(v => (JsonNode)v)]) : JsonValue.Create(values.First());

    /// <summary>The text of a file, four spaces a level, in the order given.</summary>
    public static string Text(JsonNode node) => SettingJson.Plain(node);

    private static JsonObject Of(TensorQuantizationConfig config) => new()
    {
        ["bit_width"] = config.Bits,
        ["policy"] = new JsonObject
        {
            ["PER_TENSOR"] = !config.IsPerChannel,
            ["PER_CHANNEL"] = config.IsPerChannel,
            ["LINEAR"] = true,
            ["FLOATING"] = false,
            ["SYMMETRICAL"] = config.IsSymmetric,
            ["ASYMMETRICAL"] = !config.IsSymmetric,
            ["POWER_OF_2"] = config.IsPowerOfTwo,
            ["DYNAMIC"] = false,
        },
        ["state"] = Word(config.State),
        ["quant_min"] = (long)config.QuantMin,
        ["quant_max"] = (long)config.QuantMax,
        ["hash"] = Number(config.Operation, config.Variable),
        ["dominator"] = Number(config.Dominator.Operation, config.Dominator.Variable),
    };

    private static string Word(QuantizationStates state) => state switch
    {
        QuantizationStates.Activated => "ACTIVATED",
        QuantizationStates.Overlapped => "OVERLAPPED",
        QuantizationStates.Passive => "PASSIVE",
        QuantizationStates.Baked => "BAKED",
        QuantizationStates.PassiveBaked => "PASSIVE_BAKED",
        _ => "FP32",
    };
}

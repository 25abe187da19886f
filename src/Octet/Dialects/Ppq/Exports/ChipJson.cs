using System.Text.Json.Nodes;
using Octet.Graphs;

namespace Octet.Dialects.Ppq.Exports;

/// <summary>The files that PPQ writes for single chips.</summary>
internal static class ChipJson
{
    /// <summary>TensorRT: the largest magnitude of each activation, scale · 127. Scales that are powers of two are left out, as PPQ does.</summary>
    public static string TensorRt(PpqGraph graph)
    {
        var ranges = new JsonObject();
        foreach (var config in Activations(graph).Where(c => c is { IsPowerOfTwo: false, IsSymmetric: true, IsPerChannel: false }))
        {
            ranges[config.Variable] = (double)config.Scales[0] * 127;
        }

        return ConfigJson.Text(new JsonObject { ["act_quant_info"] = ranges });
    }

    /// <summary>PPL CUDA: what is rounded to eight bits, and the operators' types.</summary>
    public static string PplCuda(PpqGraph graph)
    {
        var tensors = new JsonObject();
        foreach (var config in graph.Configs.Where(c => c.State is QuantizationStates.Activated or QuantizationStates.Baked && c.Bits <= 8))
        {
            uint number = ConfigJson.Number(config.Operation, config.Variable);
            tensors[config.Variable] = new JsonObject
            {
                ["bit_width"] = config.Bits,
                ["per_channel"] = config.IsPerChannel,
                ["quant_flag"] = true,
                ["sym"] = config.IsSymmetric,
                ["scale"] = ConfigJson.Values(config, config.Scales.Select(s => (double)s)),
                ["zero_point"] = config.IsPerChannel ? new JsonArray([.. config.ZeroPoints.Select(z => (JsonNode)z)]) : config.ZeroPoints[0],
                ["tensor_min"] = ConfigJson.Values(config, Ends(config, config.QuantMin)),
                ["tensor_max"] = ConfigJson.Values(config, Ends(config, config.QuantMax)),
                ["q_min"] = (long)config.QuantMin,
                ["q_max"] = (long)config.QuantMax,
                ["hash"] = number,
                ["dominator"] = number,
            };
        }

        var operators = new JsonObject(graph.QuantizedOperations.Select(o => KeyValuePair.Create(o, (JsonNode?)new JsonObject { ["data_type"] = "INT8" })));
        return ConfigJson.Text(new JsonObject { ["quant_info"] = tensors, ["op_info"] = operators });
    }

    /// <summary>Qualcomm's encodings: the ends of every tensor. PPQ writes scales a channel as one list, which Qualcomm's tools do not read; here each has its entry.</summary>
    public static string Qnn(PpqGraph graph)
    {
        var activations = new JsonObject();
        var parameters = new JsonObject();
        foreach (var config in graph.Configs.Where(c => c.Scales.Count > 0))
        {
            double[] low = [.. Ends(config, config.QuantMin)];
            double[] high = [.. Ends(config, config.QuantMax)];
            (config.IsParameter ? parameters : activations)[config.Variable] = new JsonArray([.. config.Scales.Select((scale, i) => (JsonNode)new JsonObject
            {
                ["bitwidth"] = config.Bits,
                ["max"] = high[i],
                ["min"] = low[i],
                ["offset"] = config.ZeroPoints[i],
                ["scale"] = (double)scale,
            })]);
        }

        return ConfigJson.Text(new JsonObject { ["activation_encodings"] = activations, ["param_encodings"] = parameters });
    }

    /// <summary>MNN: the scales in front of and behind every convolution, and behind every sum.</summary>
    public static string Mnn(PpqGraph graph)
    {
        var root = new JsonObject { ["shape"] = Shape(graph.Float.Graph.Inputs.First(i => i.Constant is null)) };
        foreach (var operation in graph.Configs.Where(c => !c.IsParameter).GroupBy(c => c.Operation))
        {
            string type = graph.Float.Graph.Nodes.First(n => PpqGraph.NameOf(n) == operation.Key).OpType;
            if (operation.FirstOrDefault(c => c.IsOutput) is not { } output || type is not ("Conv" or "Add"))
            {
                continue;
            }

            if (type == "Conv")
            {
                root[output.Variable + " input_tensor_0"] = (double)operation.First(c => !c.IsOutput).Scales[0];
            }

            root[output.Variable + " output_tensor_0"] = (double)output.Scales[0];
        }

        return ConfigJson.Text(root);
    }

    private static IEnumerable<TensorQuantizationConfig> Activations(PpqGraph graph) => graph.Configs.Where(c => !c.IsParameter).DistinctBy(c => c.Variable);

    // In 32-bit floats, as PPQ multiplies.
    private static IEnumerable<double> Ends(TensorQuantizationConfig config, double integer)
        => config.Scales.Select((scale, i) => (double)(scale * (float)(integer - config.ZeroPoints[i])));

    private static JsonObject Shape(Value input)
    {
        long?[] dimensions = [.. input.TensorType?.Dimensions?.Select(d => d.Size) ?? []];
        return dimensions.Length != 4
            ? throw new OctetException(ErrorCodes.DialectUnsupported, $"MNN's file tells channels, height and width, and input \"{input.Name}\" has {dimensions.Length} dimensions", "export another form")
            : new JsonObject { ["channels"] = dimensions[1], ["height"] = dimensions[2], ["width"] = dimensions[3] };
    }
}

using System.Globalization;
using System.Text;
using Octet.Numerics;

namespace Octet.Dialects.Ppq.Exports;

/// <summary>The text files of PPQ's exporters.</summary>
internal static class WeightText
{
    /// <summary>TensorRT's weights: the number of tensors, then name, count and the values' bits, a tensor a line.</summary>
    public static string TensorRt(PpqGraph graph)
    {
        var model = graph.Baked();
        var tensors = model.Graph.Nodes.SelectMany(n => n.Inputs).Where(i => i is { IsConstant: true, Constant.Type: ElementType.Float32 }).Distinct().ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{tensors.Length}\n");
        foreach (var tensor in tensors)
        {
            float[] values = tensor!.Constant!.ToFloats();
            text.Append(CultureInfo.InvariantCulture, $"{tensor.Name} {values.Length}");
            foreach (float value in values)
            {
                text.Append(CultureInfo.InvariantCulture, $" {BitConverter.SingleToUInt32Bits(value):x8}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Tengine's scales: name, scale and zero point of every activation, one a line.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>: a parameter has a scale a channel.</exception>
    public static string Tengine(PpqGraph graph)
    {
        if (graph.Configs.FirstOrDefault(c => c.IsPerChannel) is { } config)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"Tengine takes one scale a tensor, and \"{config.Variable}\" has one a channel", "quantize for a platform with one scale a tensor, or export another form");
        }

        return string.Concat(graph.Configs.Where(c => !c.IsParameter).DistinctBy(c => c.Variable).Select(c => $"{c.Variable} {Python(c.Scales[0])} {c.ZeroPoints[0].ToString(CultureInfo.InvariantCulture)}\n"));
    }

    // Floats as Python writes them: 2.0, 0.5, 1e-05.
    private static string Python(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal) ? text : text + ".0";
    }
}

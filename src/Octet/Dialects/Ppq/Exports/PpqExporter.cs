using System.Text;
using Octet.Formats;
using Octet.Formats.Onnx;
using Octet.Graphs;

namespace Octet.Dialects.Ppq.Exports;

/// <summary>Writes a quantized network in the forms of PPQ 0.6.6's exporters (export_ppq_graph).</summary>
public static class PpqExporter
{
    private static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["ONNXRUNTIME"] = new(true, ConfigJson.All),
        ["ONNX"] = new(false, ConfigJson.All),
        ["NXP_INT8"] = new(false, null) { NeedsActivations = true },
        ["TRT_INT8"] = new(false, ChipJson.TensorRt, Text: (graph, folder, _) => (Path.Combine(folder, "quantized.wts"), WeightText.TensorRt(graph))) { NeedsActivations = true },
        ["PPL_CUDA_INT8"] = new(false, ChipJson.PplCuda, Only: "PPL_CUDA_INT8") { NeedsActivations = true },
        ["OPENVINO_INT8"] = new(true, ConfigJson.All),
        ["METAX_INT8_T"] = new(true, ConfigJson.All),
        ["RKNN_INT8"] = new(false, ConfigJson.All),
        ["MNN_INT8"] = new(false, ChipJson.Mnn) { NeedsActivations = true },
        ["QNN_DSP_INT8"] = new(false, ChipJson.Qnn),
        ["TENGINE_INT8"] = new(false, ConfigJson.All, Text: (graph, folder, stem) => (Path.Combine(folder, stem + ".scale"), WeightText.Tengine(graph))) { NeedsActivations = true },
    };

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["NATIVE"] = "it is a Python pickle that PPQ alone reads",
        ["EXTENSION"] = "it is PPQ's empty template",
        ["CAFFE"] = "Octet writes no Caffe models",
        ["PPL_DSP_INT8"] = "Octet writes no Caffe models",
        ["SNPE_INT8"] = "Octet writes no Caffe models",
        ["NCNN_INT8"] = "PPQ's own exporter fails and leaves a stub",
        ["ASC_INT8"] = "PPQ's own exporter fails",
    };

    private sealed record Form(bool HasPairs, Func<PpqGraph, string>? Json, Func<PpqGraph, string, string, (string Path, string Text)>? Text = null, string? Only = null)
    {
        /// <summary>Whether it is there to tell the scales of activations.</summary>
        public bool NeedsActivations { get; init; }
    }

    /// <summary>Names of the forms that Octet writes; the first is the default.</summary>
    public static IReadOnlyList<string> Names => [.. Forms.Keys];

    /// <summary>Checks that there is such a form for a platform and settings.</summary>
    /// <param name="name">PPQ's name of the form.</param>
    /// <param name="platform">The platform that is quantized for.</param>
    /// <param name="setting">The settings; null for PPQ's defaults.</param>
    /// <param name="meaning">What a model with integers computes.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DialectUnsupported"/>, <see cref="ErrorCodes.UnknownName"/>.</exception>
    public static void Check(string name, TargetPlatform platform, QuantizationSetting? setting = null, PpqMeaning meaning = PpqMeaning.Simulation)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(platform);
        if (Refused.TryGetValue(name, out string? why))
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"Octet does not export PPQ's {name}: {why}", $"take one of {string.Join(", ", Names)}");
        }

        if (!Forms.TryGetValue(name, out var form))
        {
            throw NameSuggestion.Unknown("export platform", name, Forms.Keys.Concat(Refused.Keys));
        }

        if (form.Only is { } only && only != platform.Name)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"{name} is exported of networks quantized for {only} alone, in PPQ too, not for {platform.Name}", "take ONNXRUNTIME");
        }

        if (setting is null)
        {
            return;
        }

        if (form.NeedsActivations && !setting.QuantizeActivation)
        {
            throw new OctetException(ErrorCodes.DialectUnsupported, $"{name} tells the scales of activations, and quantize_activation is off", "take ONNXRUNTIME");
        }

        if (form.HasPairs)
        {
            SettingChecks.CheckMeaning(setting, meaning);
        }
    }

    /// <summary>Writes the files of a form: a model, and beside it under the same name what the form has.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="name">PPQ's name of the form.</param>
    /// <param name="path">Path of the ONNX model.</param>
    /// <param name="meaning">What becomes of biases that PPQ leaves float; only forms with integers look at it.</param>
    /// <returns>Paths of the files.</returns>
    /// <exception cref="OctetException">As <see cref="Check"/>; <see cref="ErrorCodes.OutputNotWritable"/>: nothing was written.</exception>
    public static IReadOnlyList<string> Export(PpqGraph graph, string name, string path, PpqMeaning meaning = PpqMeaning.Simulation)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(name, graph.Platform, graph.Setting, meaning);
        var form = Forms[name];
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        string stem = Path.GetFileNameWithoutExtension(full);
        var model = form.HasPairs ? graph.ToOnnx(meaning) : graph.Baked();
        if (name == "NXP_INT8")
        {
            AddRanges(graph, model);
        }

        var written = new List<string>();
        using var files = new OutputFiles();
        Write(full, OnnxFormat.ToBytes(model));
        if (form.Json is { } json)
        {
            Write(Path.Combine(folder, stem + ".json"), Encoding.UTF8.GetBytes(json(graph) + "\n"));
        }

        if (form.Text is { } text)
        {
            var (place, lines) = text(graph, folder, stem);
            Write(place, Encoding.UTF8.GetBytes(lines));
        }

        files.Commit();
        return written;

        void Write(string place, byte[] bytes)
        {
            files.Write(place, stream => stream.Write(bytes));
            written.Add(place);
        }
    }

    // Two scalars for each tensor that is rounded, as inputs with a default.
    private static void AddRanges(PpqGraph graph, Model model)
    {
        foreach (var config in graph.Configs.Where(c => c is { State: QuantizationStates.Activated, IsParameter: false }))
        {
            float scale = config.Scales[0];
            float range = scale * (1L << (config.Bits - 1));
            Add(config.Variable + "_min", -range);
            Add(config.Variable + "_max", range - scale);
        }

        void Add(string name, float value) => model.Graph.AddInput(name, new TensorType(Numerics.ElementType.Float32, []), Numerics.Tensor.Scalar(value));
    }
}

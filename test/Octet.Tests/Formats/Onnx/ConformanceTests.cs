using System.Text.Json;
using Octet.Formats.Onnx;

namespace Octet.Tests.Formats.Onnx;

/// <summary>Every model of ONNX's own conformance tests, and the shared models, read and written: judged by ONNX's checker and by ONNX Runtime.</summary>
public sealed class ConformanceTests : IDisposable
{
    private const string DebianFolder = "/usr/share/libonnx-testdata/data";

    /// <summary>The models for which there is more to say than "the checker takes it and its outputs are the same", and why.</summary>
    private static readonly (string Reason, string[] Models)[] Exceptions =
    [
        ("ONNX Runtime has no kernel for this operator of operator sets before 7",
        [
            "test_AvgPool1d", "test_AvgPool1d_stride", "test_AvgPool2d", "test_AvgPool2d_stride", "test_AvgPool3d", "test_AvgPool3d_stride",
            "test_AvgPool3d_stride1_pad0_gpu_input", "test_BatchNorm1d_3d_input_eval", "test_BatchNorm2d_eval", "test_BatchNorm2d_momentum_eval",
            "test_BatchNorm3d_eval", "test_BatchNorm3d_momentum_eval", "test_GLU", "test_GLU_dim", "test_Linear", "test_PReLU_1d",
            "test_PReLU_1d_multiparam", "test_PReLU_2d", "test_PReLU_2d_multiparam", "test_PReLU_3d", "test_PReLU_3d_multiparam",
            "test_PoissonNLLLLoss_no_reduce", "test_Softsign", "test_operator_add_broadcast", "test_operator_add_size1_broadcast",
            "test_operator_add_size1_right_broadcast", "test_operator_add_size1_singleton_broadcast", "test_operator_addconstant",
            "test_operator_addmm", "test_operator_basic", "test_operator_mm", "test_operator_non_float_params", "test_operator_params",
            "test_operator_pow",
        ]),
        ("ONNX Runtime has no kernel for this element type",
        [
            "test_bitshift_left_uint16", "test_bitshift_right_uint16", "test_max_int16", "test_max_uint16", "test_min_int16", "test_min_uint16",
            "test_pow_types_float32_uint32", "test_pow_types_float32_uint64",
        ]),
        ("ONNX Runtime for inference has no operators of training",
        [
            "test_adagrad", "test_adagrad_multiple", "test_adam", "test_adam_multiple", "test_gradient_of_add", "test_gradient_of_add_and_mul",
            "test_momentum", "test_momentum_multiple", "test_nesterov_momentum",
        ]),
        ("ONNX Runtime has no batch-first recurrent layers", ["test_gru_batchwise", "test_lstm_batchwise", "test_simple_rnn_batchwise"]),
        ("ONNX Runtime needs the system's locale en_US for it, which may be missing",
        [
            "test_strnorm_model_monday_casesensintive_lower", "test_strnorm_model_monday_casesensintive_upper",
            "test_strnorm_model_monday_empty_output", "test_strnorm_model_monday_insensintive_upper_twodim",
            "test_strnormalizer_export_monday_casesensintive_lower", "test_strnormalizer_export_monday_casesensintive_upper",
            "test_strnormalizer_export_monday_empty_output", "test_strnormalizer_export_monday_insensintive_upper_twodim",
        ]),
        ("numpy has no bfloat16 to feed ONNX Runtime with",
        [
            "test_cast_BFLOAT16_to_FLOAT", "test_cast_FLOAT_to_BFLOAT16", "test_castlike_BFLOAT16_to_FLOAT",
            "test_castlike_BFLOAT16_to_FLOAT_expanded", "test_castlike_FLOAT_to_BFLOAT16", "test_castlike_FLOAT_to_BFLOAT16_expanded",
        ]),
        ("the file itself does not pass the checker: its Constant is of a later operator set than it states",
            ["test_PixelShuffle", "test_operator_repeat", "test_operator_repeat_dim_overflow", "test_mvn"]),
        ("it draws random numbers without a seed", ["test_bernoulli", "test_bernoulli_double", "test_training_dropout_default"]),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ReferenceFact]
    public async Task EveryModel_ReadAndWritten_PassesTheCheckerAndGivesTheSameOutputs()
    {
        var models = (await PythonReference.Run("Formats/Onnx/conformance.py", "models")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Concat(ModelsBelow(DebianFolder)).Concat(ModelsBelow(SharedData.PathOf(string.Empty))).ToArray();
        Assert.True(models.Length > 140, $"only {models.Length} models");
        var manifest = new List<string>();
        foreach (var (index, path) in models.Index())
        {
            string converted = folder[$"{index}.onnx"];
            var model = OnnxFormat.Read(path);
            Assert.Empty(Octet.Graphs.GraphVerifier.Verify(model.Graph));
            OnnxFormat.Write(model, converted);
            manifest.Add($"{path}\t{converted}");
        }

        await File.WriteAllLinesAsync(folder["manifest"], manifest);
        string output = await PythonReference.Run("Formats/Onnx/conformance.py", folder["manifest"]);
        var verdicts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(models.Length, verdicts.Length);
        var known = Exceptions.SelectMany(e => e.Models).ToHashSet();
        var wrong = verdicts.Where(v => !IsFine(v, known)).Select(v => v.GetRawText()).ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static bool IsFine(JsonElement verdict, HashSet<string> exceptions) => verdict.GetProperty("verdict").GetString() switch
    {
        "same" => true,
        "random" or "ran" or "checked" or "unjudged" => exceptions.Contains(Path.GetFileName(Path.GetDirectoryName(verdict.GetProperty("model").GetString()))!),
        _ => false,
    };

    private static IEnumerable<string> ModelsBelow(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
}

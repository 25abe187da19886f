using System.Text.Json;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Tests.Lowering;

/// <summary>Runs a model in Octet's ONNX Runtime and in the reference one, which also checks it.</summary>
internal static class Judge
{
    /// <summary>The outputs in Octet's own ONNX Runtime.</summary>
    public static float[][] Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, FloatSessionOptions? options = null)
    {
        using var session = new FloatSession(OnnxFormat.ToBytes(model), options);
        using var outputs = session.Run(inputs);
        return [.. Enumerable.Range(0, outputs.Names.Count).Select(i => outputs.ToTensor(i).ToFloats())];
    }

    /// <summary>The outputs of each model in the reference ONNX Runtime, all of which its checker must accept.</summary>
    /// <param name="cases">Models with their inputs.</param>
    /// <param name="isPrecise">Whether a model is run with kernels that do not saturate; null for all.</param>
    public static async Task<float[][][]> RunInReference(
        IReadOnlyList<(Model Model, IReadOnlyDictionary<string, Tensor> Inputs)> cases, Func<int, bool>? isPrecise = null)
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        for (int i = 0; i < cases.Count; i++)
        {
            string path = folder[$"{i}.onnx"];
            OnnxFormat.Write(cases[i].Model, path);
            var inputs = Directory.CreateDirectory(folder[$"in{i}"]);
            var outputs = Directory.CreateDirectory(folder[$"out{i}"]);
            foreach (var (name, tensor) in cases[i].Inputs)
            {
                using var file = File.Create(Path.Combine(inputs.FullName, name + ".npy"));
                NpyWriter.Write(file, tensor);
            }

            lines.Add($"{path}\t{inputs.FullName}\t{outputs.FullName}\t{(isPrecise?.Invoke(i) ?? true ? "precise" : "plain")}");
        }

        File.WriteAllLines(folder["manifest"], lines);
        string printed = await PythonReference.Run("Lowering/judge.py", folder["manifest"]);
        string?[] problems = [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("problem").GetString())];
        Assert.Equal(cases.Count, problems.Length);
        Assert.All(problems, problem => Assert.True(problem is null, problem));
        return [.. cases.Select((c, i) => c.Model.Graph.Outputs
            .Select((_, o) => NpyReader.Open(folder[Path.Combine($"out{i}", $"{o}.npy")]).ReadAll().ToFloats()).ToArray())];
    }

    /// <summary>10·log₁₀(Σf² / Σ(f−q)²).</summary>
    public static double Sqnr(IEnumerable<float> expected, IEnumerable<float> actual)
    {
        double signal = 0;
        double noise = 0;
        foreach (var (e, a) in expected.Zip(actual))
        {
            signal += (double)e * e;
            noise += (double)(e - a) * (e - a);
        }

        return 10 * Math.Log10(signal / noise);
    }
}

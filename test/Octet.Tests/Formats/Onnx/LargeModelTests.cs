using System.Diagnostics;
using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Numerics;
using Xunit.Abstractions;

namespace Octet.Tests.Formats.Onnx;

/// <summary>
/// A model of 2.7 GB whose weights lie in a sparse file, given to the built tool in a process of its own. Left out with
/// <c>--filter "Category!=Large"</c>.
/// </summary>
[Trait("Category", "Large")]
public sealed class LargeModelTests(ITestOutputHelper log) : IDisposable
{
    private const int Layers = 10;
    private const int Narrow = 4096;
    private const int Wide = 16384;
    private const long WeightBytes = 4L * Narrow * Wide;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public async Task Convert_OfAModelOver2Gigabytes_KeepsItsWeightsWithLittleMemory()
    {
        MakeModel();
        long peak = await PeakMemoryOf("convert", folder["big.onnx"], "-o", folder["out.onnx"]);
        Assert.InRange(peak, 1, Layers * WeightBytes / 8);
        var (before, after) = (OnnxFormat.Read(folder["big.onnx"]).Graph, OnnxFormat.Read(folder["out.onnx"]).Graph);
        Assert.InRange(new FileInfo(folder["out.onnx.data"]).Length, Layers * WeightBytes, long.MaxValue);
        for (int i = 0; i < Layers; i++)
        {
            var (expected, actual) = (before.Find($"w{i}")!.Constant!.Storage, after.Find($"w{i}")!.Constant!.Storage);
            Assert.IsType<MappedStorage>(actual);
            foreach (long offset in new[] { 0, WeightBytes / 2, WeightBytes - 4096 })
            {
                Assert.True(expected.Slice(offset, 4096).SequenceEqual(actual.Slice(offset, 4096)));
            }
        }
    }

    [LinuxFact]
    public async Task Quantize_OfTheWeightsOfAModelOver2Gigabytes_TakesMuchLessMemoryThanTheModel()
    {
        MakeModel();
        long peak = await PeakMemoryOf("quantize", folder["big.onnx"], "--mode", "weights", "-o", folder["out.onnx"]);
        Assert.InRange(peak, 1, Layers * WeightBytes / 4);
        Assert.Equal(Layers, OnnxFormat.Read(folder["out.onnx"]).Graph.Nodes.Count(n => n.OpType == "DequantizeLinear"));
    }

    [Fact]
    public void ASession_OfAModelOver2Gigabytes_IsOpenedThroughAFile()
    {
        // A table of which a row is looked up: ONNX Runtime maps it and reads nothing else.
        MakeModel();
        var graph = new Octet.Graphs.Graph("lookup");
        var row = graph.AddInput("row", new Octet.Graphs.TensorType(ElementType.Int64, [new(1, null)]));
        var all = OnnxFormat.Read(folder["big.onnx"]).Graph;
        var rows = Enumerable.Range(0, Layers).Select(i => graph.AddConstant($"w{i}", all.Find($"w{i}")!.Constant!)).ToArray();
        foreach (var (i, table) in rows.Index())
        {
            graph.AddOutput(graph.Add("Gather", [table, row], $"y{i}"));
        }

        var model = new Octet.Graphs.Model(graph) { Opsets = { [string.Empty] = 17 } };
        using var session = new FloatSession(model, new FloatSessionOptions { Optimization = GraphOptimization.None });
        using var outputs = session.Run(new Dictionary<string, Tensor> { ["row"] = Tensor.FromArray([0L], new Shape(1)) }, ["y3"]);
        Assert.True(rows[3].Constant!.Storage.Slice(0, 4 * Narrow).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(outputs.Span<float>(0))));
    }

    [Fact]
    public void Write_OfMoreThan2GigabytesIntoOneFile_IsRefusedBeforeAnythingIsWritten()
    {
        MakeModel();
        var model = OnnxFormat.Read(folder["big.onnx"]);
        var never = new OnnxWriteOptions { ExternalData = ExternalDataMode.Never };
        Assert.Equal(ErrorCodes.ModelTooLarge, Assert.Throws<OctetException>(() => OnnxFormat.Write(model, folder["one.onnx"], never)).Code);
        Assert.Equal(ErrorCodes.ModelTooLarge, Assert.Throws<OctetException>(() => OnnxFormat.ToBytes(model)).Code);
        Assert.False(File.Exists(folder["one.onnx"]));
    }

    // x → MatMul → … → y. The first and last 4,096 bytes of each weight and some in the middle are no zeros.
    private void MakeModel()
    {
        using var data = new FileStream(folder["big.data"], FileMode.CreateNew);
        data.SetLength(Layers * WeightBytes);
        var graph = new Octet.Graphs.Graph("big");
        var value = graph.AddInput("x", new Octet.Graphs.TensorType(ElementType.Float32, [new(1, null), new(Narrow, null)]));
        var random = new Random(1);
        var some = new byte[4096];
        for (int i = 0; i < Layers; i++)
        {
            foreach (long offset in new[] { 0, WeightBytes / 2, WeightBytes - some.Length })
            {
                for (int k = 0; k < some.Length; k += 4)
                {
                    BitConverter.TryWriteBytes(some.AsSpan(k), random.NextSingle() - 0.5f);
                }

                data.Position = (i * WeightBytes) + offset;
                data.Write(some);
            }

            value = graph.Add("MatMul", [value, graph.AddConstant($"w{i}", Tensor.Scalar(0f))], $"y{i}");
        }

        value.Type = new Octet.Graphs.TensorType(ElementType.Float32, [new(1, null), new(Layers % 2 == 0 ? Narrow : Wide, null)]);
        graph.AddOutput(value);
        var proto = ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(new Octet.Graphs.Model(graph) { Opsets = { [string.Empty] = 17 } }));
        for (int i = 0; i < Layers; i++)
        {
            long[] dims = i % 2 == 0 ? [Narrow, Wide] : [Wide, Narrow];
            proto.Graph.Initializer[i] = new TensorProto
            {
                Name = $"w{i}",
                DataType = (int)ElementType.Float32,
                Dims = { dims },
                DataLocation = TensorProto.Types.DataLocation.External,
                ExternalData =
                {
                    new StringStringEntryProto { Key = "location", Value = "big.data" },
                    new StringStringEntryProto { Key = "offset", Value = $"{i * WeightBytes}" },
                },
            };
        }

        File.WriteAllBytes(folder["big.onnx"], proto.ToByteArray());
    }

    private async Task<long> PeakMemoryOf(params string[] arguments)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string tool = Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", "Octet.Cli", configuration, "octet");
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.HasExited)
        {
            // The highest so far, as the system keeps it: the last look before the end misses little.
            string? line = StatusOf(process.Id).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            peak = line is null ? peak : Math.Max(peak, 1024 * long.Parse(line.AsSpan(6, line.Length - 9).Trim(), null));
            await Task.Delay(20);
        }

        Assert.True(process.ExitCode == 0, await output + await error);
        log.WriteLine($"{arguments[0]}: {peak >> 20} MB at most, {watch.Elapsed.TotalSeconds:F1} s");
        return peak;
    }

    private static string[] StatusOf(int id)
    {
        try
        {
            return File.ReadAllLines($"/proc/{id}/status");
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>A fact of systems that tell a process's peak memory in its status.</summary>
    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs the peak memory of a process from /proc";
    }
}

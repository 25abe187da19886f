using System.Runtime.InteropServices;
using Octet.Analysis;
using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Tests.Golden;

namespace Octet.Tests.Dialects.Ppq;

public sealed class InternalResultsTests
{
    [GoldenFact(PpqLeNet.Digits, PpqLeNet.Model)]
    public void Dump_OfLargeTensors_HoldsTheDrawnValues()
    {
        using var folder = new TemporaryFolder();
        var graph = PpqLeNet.Quantize("TRT_INT8", "percentile");
        var batches = new BatchedSamples(PpqLeNet.Training(8), 4);
        var names = InternalResults.Dump(graph, batches, folder.Path);
        Assert.Equal(["/relu1/Relu_output_0", "/relu2/Relu_output_0", "/relu3/Relu_output_0", "output"], names.Values.Order(StringComparer.Ordinal));

        // 4 pictures of 4 channels of 26 x 26 are 10,816 values.
        using var executor = new PpqExecutor(graph, ["/relu1/Relu_output_0", "output"]);
        var values = executor.Forward(batches.Load(1).Inputs);
        uint seed = 10086;
        float[] drawn = new float[4096];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = values[0].ToFloats()[seed % 10816];
            seed = (uint)(((214013UL * seed) + 2531011) % (1UL << 32));
        }

        Assert.Equal(drawn, Floats(folder["outputs/1/relu1_Relu_output_0.dat"]));
        Assert.Equal(values[1].ToFloats(), Floats(folder["outputs/1/output.dat"]));
        Assert.Equal(batches.Load(1).Inputs["input"].ToFloats(), Octet.Data.Arrays.NpyReader.Open(folder["inputs/1.npy"]).ReadAll().ToFloats());
    }

    [Fact]
    public void Draw_FromPpqsSeed_IsTheLinearCongruentialSequence()
    {
        // 10086, then 214013 x 10086 + 2531011 = 2161066129, and so on modulo 2^32.
        Assert.Equal([10086 % 1000, (int)(2161066129L % 1000)], SeededPositions.Draw(2, 1000));
    }

    private static float[] Floats(string path) => [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path))];
}

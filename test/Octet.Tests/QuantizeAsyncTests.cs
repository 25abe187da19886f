using System.Runtime.CompilerServices;
using Octet.Analysis;
using Octet.Data;
using Octet.Formats.Onnx;

namespace Octet.Tests;

public class QuantizeAsyncTests
{
    private static readonly QuantizerOptions Options = new() { Effort = Effort.Fast, Threads = 2 };

    [Fact]
    public async Task QuantizeAsync_WhenSamplesComeOneByOne_MakesTheModelOfTheSameSamplesFromAFolder()
    {
        using var shapes = new ShapesSample();
        var source = shapes.Open(shapes.CalibrationList, ShapesSample.Recipe, 20);

        var streamed = await new Quantizer(Options).QuantizeAsync(shapes.ModelPath, Stream(source));
        var opened = new Quantizer(Options).Quantize(shapes.ModelPath, source);

        // The manifests differ in where the samples came from: files and preprocessing, or values.
        Assert.True(opened.Model.Metadata.Remove(Manifest.MetadataKey) && streamed.Model.Metadata.Remove(Manifest.MetadataKey));
        Assert.Equal(OnnxFormat.ToBytes(opened.Model), OnnxFormat.ToBytes(streamed.Model));
    }

    [Fact]
    public async Task QuantizeAsync_WhenCancelled_StopsTheSamplesOrTheSweep()
    {
        using var shapes = new ShapesSample();
        var source = shapes.Open(shapes.CalibrationList);
        using var inSamples = new CancellationTokenSource();
        using var inSweep = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Quantizer(Options).QuantizeAsync(shapes.ModelPath, Stream(source, i => Cancel(inSamples, i == 3)), null, inSamples.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Quantizer(Options).QuantizeAsync(
            shapes.ModelPath, Stream(source), new Reaction(p => Cancel(inSweep, p is { Phase: "calibration", Done: > 2 })), inSweep.Token));
    }

    [Fact]
    public async Task QuantizeAsync_WhenTheStreamFails_PassesItsErrorOn()
    {
        using var shapes = new ShapesSample();
        var source = shapes.Open(shapes.CalibrationList);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => new Quantizer(Options).QuantizeAsync(
            shapes.ModelPath, Stream(source, i => _ = i < 5 ? i : throw new InvalidOperationException("camera gone"))));

        Assert.Equal("camera gone", error.Message);
    }

    [Fact]
    public async Task QuantizeAsync_WhenItRuns_ReportsProgressThatGrows()
    {
        using var shapes = new ShapesSample();
        var seen = new List<QuantizationProgress>();

        await new Quantizer(Options).QuantizeAsync(shapes.ModelPath, Stream(shapes.Open(shapes.CalibrationList, ShapesSample.Recipe, 20)), new Reaction(p =>
        {
            lock (seen)
            {
                seen.Add(p);
            }
        }));

        Assert.Equal(20, seen.Where(p => p.Phase == "calibration").Max(p => p.Done));
        Assert.All(seen, p => Assert.InRange(p.Overall, 0, 1));
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private static async IAsyncEnumerable<Sample> Stream(ISampleSource source, Action<int>? before = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < source.Count; i++)
        {
            before?.Invoke(i);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return source.Load(i);
        }
    }

    private sealed class Reaction(Action<QuantizationProgress> react) : IProgress<QuantizationProgress>
    {
        public void Report(QuantizationProgress value) => react(value);
    }
}

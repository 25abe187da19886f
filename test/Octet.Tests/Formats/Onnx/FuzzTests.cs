using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Xunit.Abstractions;

namespace Octet.Tests.Formats.Onnx;

/// <summary>
/// Bytes of real models flipped, cut and spliced, read and, where that succeeds, written and read again. The variable
/// <c>OCTET_FUZZ_SECONDS</c> tells for how long (60 by default); the cases are the same in every run, only how many are done differs.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper log)
{
    private const int Seed = 20260117;

    // What one case may take before it counts as hanging. Far above anything measured; no measure of speed.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task DamagedModels_GiveACodedErrorOrASoundGraph()
    {
        double seconds = Environment.GetEnvironmentVariable("OCTET_FUZZ_SECONDS") is { Length: > 0 } text
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : 60;
        var models = Models();
        long current = 0;
        int read = 0;
        var started = Stopwatch.StartNew();
        var work = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; started.Elapsed.TotalSeconds < seconds; i++)
                {
                    Volatile.Write(ref current, i);
                    read += Try(Damage(models, new Random(Seed + i)), i) ? 1 : 0;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        while (!work.IsCompleted)
        {
            long before = Volatile.Read(ref current);
            await Task.WhenAny(work, Task.Delay(Patience));
            Assert.True(work.IsCompleted || before != Volatile.Read(ref current), $"case {before} does not end");
        }

        await work;
        log.WriteLine($"{current + 1} damaged models, {read} of them still sound");

        // Damage that nothing survives would test the first check only.
        Assert.InRange(read, 1, int.MaxValue);
        Assert.True(current < 100 || read < current, "no damaged model was refused");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Damage_IsTheSameEveryTime(int seed)
        => Assert.Equal(Damage([OnnxFormat.ToBytes(OnnxSamples.Model())], new Random(seed)), Damage([OnnxFormat.ToBytes(OnnxSamples.Model())], new Random(seed)));

    private static bool Try(byte[] bytes, int number)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string what = $"case {number}";
        try
        {
            Model model;
            try
            {
                model = OnnxFormat.Read(bytes, "fuzz.onnx");
            }
            catch (OctetException e) when (e.ExitStatus == 3)
            {
                return false;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < (10L * bytes.Length) + 200_000_000, $"reading {bytes.Length} bytes allocated {allocated}");
            Assert.Empty(model.Graph.Verify());
            var written = OnnxFormat.ToBytes(model);
            var again = OnnxFormat.Read(written, "again.onnx");
            Assert.Equal(model.Graph.NodeCount, again.Graph.NodeCount);
            Assert.Equal(written, OnnxFormat.ToBytes(again));
            return true;
        }
        catch (Exception e)
        {
            string kept = Path.Combine(Path.GetTempPath(), $"octet-fuzz-{number}.onnx");
            File.WriteAllBytes(kept, bytes);
            throw new InvalidOperationException($"{what}, kept as {kept}: {e.Message}", e);
        }
    }

    private static byte[] Damage(byte[][] models, Random random)
    {
        // Small models are tried more often than they would be by their share of bytes.
        var bytes = new List<byte>(models[random.Next(models.Length)]);
        for (int changes = 1 + random.Next(6); changes > 0 && bytes.Count > 0; changes--)
        {
            // Structure stands at the beginning and end of a file, weights in between.
            int at = random.Next(3) == 0 ? random.Next(bytes.Count) : Math.Min(bytes.Count - 1, random.Next(600));
            int length = Math.Min(bytes.Count - at, random.Next(1, 1 << random.Next(1, 12)));
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 0);
                    break;
                case 4:
                    var other = models[random.Next(models.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, length)).ToArray());
                    break;
                case 5:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 6:
                    bytes.InsertRange(at, WireBytes.Varint((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)));
                    break;
                default:
                    // A length that fits after a cut, so that the damage lies deeper: the last byte of a field's content goes.
                    bytes[at] = (byte)Math.Max(0, bytes[at] - 1);
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[][] Models()
    {
        var sample = Path.Combine(SharedData.RepositoryRoot, "src", "Octet.Cli", "Demo", "shapes.onnx");
        const string Debian = "/usr/share/libonnx-testdata/data";
        var files = Directory.Exists(Debian) ? Directory.EnumerateFiles(Debian, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        return
        [
            OnnxFormat.ToBytes(OnnxSamples.Model()),
            OnnxSamples.Everything().ToByteArray(),
            .. Enumerable.Repeat(File.ReadAllBytes(sample), 20),
            .. files.Select(File.ReadAllBytes).Where(b => b.Length is > 0 and < 100_000),
        ];
    }
}

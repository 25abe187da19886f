using System.Diagnostics;
using Octet.Data;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// Measures how long one run of two models takes. The models take turns, every other round backwards, so that neither always follows the
/// other and both meet the same disturbances. Sessions are as users open them, with the kernels that they get by default.
/// </summary>
public static class LatencyMeter
{
    private const int MostRounds = 21;
    private const int WarmUps = 5;
    private const int MostSamples = 8;

    /// <summary>Measures two models.</summary>
    /// <param name="reference">The float model.</param>
    /// <param name="model">The integer model.</param>
    /// <param name="samples">Of which the first eight are run in turn.</param>
    /// <param name="threads">Threads of each run, ≥ 1.</param>
    /// <param name="time">About how long to measure; null for one second. Each model is run at least twice, however long that takes.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <exception cref="OctetException">A model cannot be loaded or run, a sample not be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static LatencyReport Measure(
        ModelSource reference, ModelSource model, ISampleSource samples, int threads = 1, TimeSpan? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        double seconds = (time ?? TimeSpan.FromSeconds(1)).TotalSeconds;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds, nameof(time));
        IReadOnlyDictionary<string, Tensor>[] inputs = [.. Enumerable.Range(0, Math.Min(MostSamples, samples.Count)).Select(i => samples.Load(i).Inputs)];
        var options = new FloatSessionOptions { Threads = threads, AllowSaturation = true };
        using var referenceSession = reference.Open(options);
        using var modelSession = model.Open(options);
        Runner[] runners = [new(referenceSession, inputs), new(modelSession, inputs)];
        var watch = Stopwatch.StartNew();
        foreach (var runner in runners)
        {
            // First runs allocate and pack; a tenth of the time is enough for them.
            runner.Run(WarmUps, seconds / 10, cancellationToken);
        }

        double slice = seconds / (2 * MostRounds);
        for (int round = 0; round == 0 || (round < MostRounds && watch.Elapsed.TotalSeconds < seconds); round++)
        {
            foreach (var runner in round % 2 == 0 ? runners : runners.Reverse())
            {
                runner.Measure(slice, cancellationToken);
            }
        }

        return new LatencyReport(threads, runners[0].Rounds.Count, LatencySpread.Of(runners[0].Rounds), LatencySpread.Of(runners[1].Rounds));
    }

    /// <summary>One model, going round the samples.</summary>
    private sealed class Runner(FloatSession session, IReadOnlyDictionary<string, Tensor>[] inputs)
    {
        private int next;

        /// <summary>The median of each round, in milliseconds.</summary>
        public List<double> Rounds { get; } = [];

        public void Measure(double seconds, CancellationToken cancellationToken)
            => Rounds.Add(LatencySpread.Of(Run(int.MaxValue, seconds, cancellationToken)).Milliseconds);

        /// <summary>Runs once and then again until the time or the runs are used up.</summary>
        public List<double> Run(int most, double seconds, CancellationToken cancellationToken)
        {
            var times = new List<double>();
            var whole = Stopwatch.StartNew();
            do
            {
                var sample = inputs[next++ % inputs.Length];
                long start = Stopwatch.GetTimestamp();
                session.Run(sample, null, cancellationToken).Dispose();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            while (times.Count < most && whole.Elapsed.TotalSeconds < seconds);
            return times;
        }
    }
}

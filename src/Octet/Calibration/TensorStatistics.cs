namespace Octet.Calibration;

/// <summary>What is kept of the values of one tensor over all samples. Integers and extremes only, so that neither order nor threads matter.</summary>
public sealed class TensorStatistics
{
    private int firstBadSample = int.MaxValue;

    /// <summary>Counts of its values.</summary>
    public LogLinearHistogram Histogram { get; init; } = new();

    /// <summary>The lowest index of a sample that gave NaN or an infinity; null where none did.</summary>
    public int? FirstBadSample => firstBadSample == int.MaxValue ? null : firstBadSample;

    /// <summary>Takes up the values of one sample. May be called by several threads at once.</summary>
    public void Add(int sample, ReadOnlySpan<float> values)
    {
        Histogram.Add(values);
        if (sample < Volatile.Read(ref firstBadSample) && !System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(values))
        {
            for (int seen = Volatile.Read(ref firstBadSample); sample < seen;)
            {
                int old = Interlocked.CompareExchange(ref firstBadSample, sample, seen);
                if (old == seen)
                {
                    break;
                }

                seen = old;
            }
        }
    }
}

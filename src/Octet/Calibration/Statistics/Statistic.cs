namespace Octet.Calibration.Statistics;

/// <summary>One statistic of one tensor, while it is gathered and after.</summary>
public abstract class Statistic
{
    /// <summary>
    /// Takes up the values of one sample. May be called by several threads at once and in any order of the samples, but for
    /// <see cref="StatisticKind.Ordered"/>: there samples come one after the other in their order.
    /// </summary>
    /// <param name="values">The values.</param>
    public abstract void Add(SampleValues values);

    /// <summary>Takes up what another gathered of the same need and tensor from other samples.</summary>
    /// <exception cref="InvalidOperationException">The kind cannot be merged.</exception>
    public virtual void Merge(Statistic other) => throw new InvalidOperationException($"{GetType().Name} cannot be merged.");

    /// <summary>Writes what was gathered: the same bytes for the same samples.</summary>
    /// <exception cref="InvalidOperationException">The kind is not saved.</exception>
    public virtual void Write(StatisticWriter writer) => throw new InvalidOperationException($"{GetType().Name} is not saved.");

    /// <summary>Reads into an empty statistic what <see cref="Write"/> wrote. The bytes are not trusted.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.StatisticsMalformed"/>.</exception>
    public virtual void Read(StatisticReader reader) => throw new InvalidOperationException($"{GetType().Name} is not saved.");
}

namespace Octet.Calibration.Statistics;

/// <summary>A need whose statistic is of a known type.</summary>
/// <typeparam name="T">The statistic's type.</typeparam>
public abstract record NeedFor<T> : StatisticNeed
    where T : Statistic
{
    /// <inheritdoc/>
    public abstract override T Create(TensorStatistics first);
}

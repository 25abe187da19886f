using System.Runtime.ExceptionServices;

namespace Octet.Inference;

/// <summary>Does work for many samples side by side.</summary>
public static class ParallelRuns
{
    /// <summary>Calls <paramref name="work"/> once for each index, on <paramref name="workers"/> threads, in rising order of their starts.</summary>
    /// <param name="count">Number of indices.</param>
    /// <param name="workers">Threads, ≥ 1.</param>
    /// <param name="work">Must be safe to call from several threads.</param>
    /// <param name="cancellationToken">No further index is begun once it is cancelled.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <remarks>An error in <paramref name="work"/> stops the others and is thrown as it is; of several, the one of the lowest index.</remarks>
    public static void ForEach(int count, int workers, Action<int> work, CancellationToken cancellationToken)
    {
        int next = -1;
        int failedIndex = int.MaxValue;
        ExceptionDispatchInfo? failure = null;
        Lock gate = new();
        void Loop()
        {
            while (!cancellationToken.IsCancellationRequested && Volatile.Read(ref failure) is null && Interlocked.Increment(ref next) is var index && index < count)
            {
                try
                {
                    work(index);
                }
                catch (Exception e)
                {
                    lock (gate)
                    {
                        if (index < failedIndex)
                        {
                            failedIndex = index;
                            failure = ExceptionDispatchInfo.Capture(e);
                        }
                    }
                }
            }
        }

        var threads = Enumerable.Range(1, Math.Min(workers, Math.Max(1, count)) - 1).Select(_ => new Thread(Loop, 16 << 20)).ToArray();
        Array.ForEach(threads, t => t.Start());
        Loop();
        Array.ForEach(threads, t => t.Join());
        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
    }
}

namespace Octet.Calibration;

/// <summary>
/// Lets the samples of a sweep, which run side by side, do some of their work one after the other in their order, tensor by tensor. A sample waits only for those before it,
/// and samples begin in their order, so that none waits in vain.
/// </summary>
/// <param name="tensors">Number of tensors.</param>
internal sealed class Turns(int tensors)
{
    private readonly object[] gates = [.. Enumerable.Range(0, tensors).Select(_ => new object())];
    private readonly int[] next = new int[tensors];
    private int failed = int.MaxValue;

    /// <summary>Waits until all samples before have done their work with the tensor.</summary>
    /// <exception cref="OperationCanceledException">A sample before failed.</exception>
    public void Wait(int tensor, int sample)
    {
        lock (gates[tensor])
        {
            while (next[tensor] != sample)
            {
                if (Volatile.Read(ref failed) < sample)
                {
                    throw new OperationCanceledException();
                }

                Monitor.Wait(gates[tensor]);
            }
        }
    }

    /// <summary>Lets the next sample take its turn.</summary>
    public void Done(int tensor)
    {
        lock (gates[tensor])
        {
            next[tensor]++;
            Monitor.PulseAll(gates[tensor]);
        }
    }

    /// <summary>Ends the waiting of later samples: one failed and will not take its turns.</summary>
    public void Fail(int sample)
    {
        for (int seen = Volatile.Read(ref failed); sample < seen; seen = Volatile.Read(ref failed))
        {
            _ = Interlocked.CompareExchange(ref failed, sample, seen);
        }

        foreach (object gate in gates)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
    }
}

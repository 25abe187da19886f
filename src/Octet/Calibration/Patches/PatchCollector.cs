using System.Text;
using Octet.Numerics;

namespace Octet.Calibration.Patches;

/// <summary>
/// Keeps the rows with the smallest hashes of (layer, sample, position): a uniform sample without replacement of bounded size that does
/// not depend on the order in which samples come (bottom-k sampling, Cohen and Kaplan 2007).
/// </summary>
public sealed class PatchCollector
{
    private readonly ulong seed;
    private readonly Lock gate = new();
    private readonly PriorityQueue<int, ulong> largestFirst = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
    private readonly List<ulong> keys = [];
    private float[] rows = [];
    private int rowLength;
    private ulong limit = ulong.MaxValue;

    /// <summary>Makes an empty collector.</summary>
    /// <param name="request">What to collect.</param>
    /// <param name="seed">Seed of the choice.</param>
    public PatchCollector(PatchRequest request, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(request);
        Request = request;
        this.seed = Mix(seed ^ Fnv(request.Layer));
    }

    /// <summary>What is collected.</summary>
    public PatchRequest Request { get; }

    /// <summary>Offers all rows of one sample. May be called by several threads at once.</summary>
    /// <param name="sample">Index of the sample.</param>
    /// <param name="input">The layer's input.</param>
    /// <param name="shape">Its shape.</param>
    public void Offer(int sample, ReadOnlySpan<float> input, Shape shape)
    {
        int positions = Request.Geometry.PositionCount(shape);
        ulong sampleSeed = Mix(seed + (ulong)(uint)sample);
        Span<int> chosen = stackalloc int[256];
        for (int start = 0; start < positions;)
        {
            ulong bound = Volatile.Read(ref limit);
            int count = 0;
            for (; start < positions && count < chosen.Length; start++)
            {
                if (Mix(sampleSeed + (ulong)(uint)start) < bound)
                {
                    chosen[count++] = start;
                }
            }

            lock (gate)
            {
                rowLength = Request.Geometry.RowLength(shape);
                foreach (int position in chosen[..count])
                {
                    Insert(Mix(sampleSeed + (ulong)(uint)position), position, input, shape);
                }
            }
        }
    }

    /// <summary>The rows collected so far.</summary>
    public PatchSet Finish()
    {
        int[] order = [.. Enumerable.Range(0, keys.Count).OrderBy(slot => keys[slot])];
        var sorted = new float[order.Length * rowLength];
        for (int i = 0; i < order.Length; i++)
        {
            rows.AsSpan(order[i] * rowLength, rowLength).CopyTo(sorted.AsSpan(i * rowLength));
        }

        rows = [];
        return new PatchSet(Request, sorted, order.Length, [.. order.Select(slot => keys[slot])]);
    }

    private void Insert(ulong key, int position, ReadOnlySpan<float> input, Shape shape)
    {
        int slot;
        if (keys.Count < Request.Rows)
        {
            slot = keys.Count;
            keys.Add(key);
            if (rows.Length < keys.Count * rowLength)
            {
                Array.Resize(ref rows, Math.Min(Request.Rows, Math.Max(16, keys.Count * 2)) * rowLength);
            }

            largestFirst.Enqueue(slot, key);
        }
        else if (key < keys[largestFirst.Peek()])
        {
            slot = largestFirst.Peek();
            keys[slot] = key;
            largestFirst.DequeueEnqueue(slot, key);
        }
        else
        {
            return;
        }

        if (keys.Count == Request.Rows)
        {
            Volatile.Write(ref limit, keys[largestFirst.Peek()]);
        }

        Request.Geometry.Gather(input, shape, position, rows.AsSpan(slot * rowLength, rowLength));
    }

    // SplitMix64 (Steele, Lea, Flood 2014): a bijection, so that no two positions of a sample share a key.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // FNV-1a, since string hashes of .NET differ from run to run.
    private static ulong Fnv(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }
}

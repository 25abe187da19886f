using Octet.Data.Sources;

namespace Octet.Data;

/// <summary>
/// Samples whose contents' hashes are kept as they are loaded, so that <see cref="DataChecks.Overlap"/> after a calibration and an
/// evaluation needs no decoding of its own. 32 bytes a sample.
/// </summary>
/// <param name="source">The samples.</param>
public sealed class HashedSamples(ISampleSource source) : DerivedSamples(source)
{
    private readonly byte[]?[] hashes = new byte[source.Count][];

    /// <inheritdoc/>
    public override Sample Load(int index)
    {
        var sample = base.Load(index);
        if (Volatile.Read(ref hashes[index]) is null)
        {
            Volatile.Write(ref hashes[index], SampleHash.Of(sample));
        }

        return sample;
    }

    /// <summary>The hash of a sample's values, from when it was loaded, or by loading it now.</summary>
    internal byte[] HashOf(int index) => Volatile.Read(ref hashes[index]) ?? SampleHash.Of(Load(index));
}

using System.Security.Cryptography;
using System.Text;

namespace Octet.Data.Sources;

/// <summary>The identity of a sample's contents.</summary>
internal static class SampleHash
{
    private const int Part = 1 << 20;

    /// <summary>SHA-256 over the names, types, shapes and values of the inputs, in ordinal order of the names. Neither name nor label of the sample count.</summary>
    internal static byte[] Of(Sample sample)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in sample.Inputs.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{tensor}\n"));
            for (long at = 0; at < tensor.Storage.Length; at += Part)
            {
                hash.AppendData(tensor.Storage.Slice(at, (int)Math.Min(Part, tensor.Storage.Length - at)));
            }
        }

        return hash.GetHashAndReset();
    }
}

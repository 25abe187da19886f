using System.Security.Cryptography;

namespace Octet.Data.Sources;

/// <summary>Samples that are in memory.</summary>
internal sealed class MemorySamples : ISampleSource
{
    private readonly Sample[] samples;
    private readonly Lazy<string> fingerprint;

    internal MemorySamples(Sample[] samples)
    {
        if (samples.Length == 0)
        {
            throw new OctetException(ErrorCodes.DataEmpty, "there are no samples");
        }

        this.samples = [.. samples.Select((s, i) => s.Index == i ? s : s with { Index = i })];
        fingerprint = new Lazy<string>(() =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var sample in this.samples)
            {
                hash.AppendData(SampleHash.Of(sample));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        });
    }

    public int Count => samples.Length;

    public string Fingerprint => fingerprint.Value;

    public string NameOf(int index) => samples[index].Name;

    public int? LabelOf(int index) => samples[index].Label;

    public Sample Load(int index) => samples[index];
}

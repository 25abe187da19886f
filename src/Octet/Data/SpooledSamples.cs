using System.Security.Cryptography;
using Octet.Data.Arrays;
using Octet.Data.Sources;
using Octet.Numerics;

namespace Octet.Data;

/// <summary>Samples that came one after the other and lie in a temporary file, which is deleted when this is disposed or the process ends.</summary>
public sealed class SpooledSamples : ISampleSource, IDisposable
{
    private readonly FileBytes file = FileBytes.Temporary();
    private readonly List<Entry> entries = [];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string fingerprint = "";
    private long length;

    internal SpooledSamples()
    {
    }

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <inheritdoc/>
    public string Fingerprint => fingerprint;

    /// <inheritdoc/>
    public string NameOf(int index) => entries[index].Name;

    /// <inheritdoc/>
    public int? LabelOf(int index) => entries[index].Label;

    /// <inheritdoc/>
    public Sample Load(int index)
    {
        var entry = entries[index];
        var inputs = new Dictionary<string, Tensor>(entry.Inputs.Length, StringComparer.Ordinal);
        foreach (var input in entry.Inputs)
        {
            var bytes = new byte[input.Length];
            try
            {
                file.Read(input.Offset, bytes);
            }
            catch (IOException e)
            {
                throw new OctetException(ErrorCodes.DataUnreadable, $"{SamplePlace.Of(index, entry.Name)} cannot be read back from the temporary file: {e.Message}", innerException: e);
            }

            inputs[input.Name] = Tensor.FromArray(input.Type, bytes, input.Shape);
        }

        return new Sample(index, entry.Name, inputs, entry.Label);
    }

    /// <summary>Deletes the file; the samples cannot be read any more.</summary>
    public void Dispose()
    {
        file.Dispose();
        hash.Dispose();
    }

    internal void Add(Sample sample)
    {
        var stored = new List<StoredInput>();
        foreach (var (name, tensor) in sample.Inputs)
        {
            if (tensor.Type.BitWidth() == 0 || tensor.Storage.Length > Array.MaxLength)
            {
                throw new OctetException(
                    ErrorCodes.ArrayTypeUnsupported, $"{SamplePlace.Of(entries.Count, sample.Name)}: input \"{name}\" is {tensor}, which cannot be kept", "give numbers, at most 2 GB a tensor");
            }

            try
            {
                file.Write(length, tensor.AsSpan<byte>());
            }
            catch (IOException e)
            {
                throw new OctetException(ErrorCodes.DataUnreadable, $"{SamplePlace.Of(entries.Count, sample.Name)} cannot be written to a temporary file: {e.Message}", "make room, or set TMPDIR to another disk", e);
            }

            stored.Add(new StoredInput(name, tensor.Type, tensor.Shape, length, (int)tensor.Storage.Length));
            length += tensor.Storage.Length;
        }

        hash.AppendData(SampleHash.Of(sample));
        entries.Add(new Entry(sample.Name, sample.Label, [.. stored]));
    }

    internal void Complete()
    {
        if (entries.Count == 0)
        {
            throw new OctetException(ErrorCodes.DataEmpty, "there are no samples");
        }

        fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private readonly record struct StoredInput(string Name, ElementType Type, Shape Shape, long Offset, int Length);

    private sealed record Entry(string Name, int? Label, StoredInput[] Inputs);
}

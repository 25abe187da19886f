namespace Octet.Data;

/// <summary>Samples that can be read again and again, in any order, from several threads at once.</summary>
public interface ISampleSource
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>SHA-256 (hexadecimal) over the samples' contents and their preprocessing. Paths and names do not matter.</summary>
    /// <exception cref="OctetException">A file cannot be read.</exception>
    string Fingerprint { get; }

    /// <summary>The recipe that the samples went through; null where none was given or it is not known.</summary>
    Preprocess? Preprocess => null;

    /// <summary>What the user calls a sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    string NameOf(int index);

    /// <summary>The class of a sample, or null where it is not known (or where a sample is a batch of several).</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    int? LabelOf(int index);

    /// <summary>The classes of all items of a sample: one, or as many as the model's fixed batch.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    IReadOnlyList<int?> LabelsOf(int index) => [LabelOf(index)];

    /// <summary>Reads, decodes and prepares a sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="OctetException">The sample is damaged or does not fit the model; the message names it.</exception>
    Sample Load(int index);
}

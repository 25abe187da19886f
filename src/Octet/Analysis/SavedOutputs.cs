using System.Globalization;
using Octet.Data;
using Octet.Data.Arrays;
using Octet.Inference;
using Octet.Numerics;

namespace Octet.Analysis;

/// <summary>
/// The outputs of a model for all samples, in a temporary folder that goes with this object: <c>000000.npz</c> and so on, one file a sample with an array for each
/// output, and <c>samples.tsv</c>, a line a sample: number, name, and its labels between commas (empty where unknown).
/// </summary>
public sealed class SavedOutputs : IDisposable
{
    /// <summary>Name of the list of samples.</summary>
    public const string ListName = "samples.tsv";

    private readonly ISampleSource source;

    internal SavedOutputs(ISampleSource source)
    {
        this.source = source;
        Folder = Guard(() => Directory.CreateTempSubdirectory("octet-outputs-").FullName);
        try
        {
            Guard(() => File.WriteAllLines(Path.Combine(Folder, ListName), Enumerable.Range(0, source.Count).Select(Line)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>All samples in their order, read one by one.</summary>
    public IEnumerable<SampleOutputs> Samples => Enumerable.Range(0, source.Count).Select(i => new SampleOutputs(
        i,
        source.NameOf(i),
        source.LabelsOf(i),
        NpzReader.Open(PathOf(i)).ToDictionary(a => a.Key, a => a.Value.ReadAll(), StringComparer.Ordinal)));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Saves the outputs of one sample. May be called by several threads at once.</summary>
    internal void Save(int sample, IReadOnlyList<string> names, SessionOutputs outputs)
    {
        KeyValuePair<string, Tensor>[] tensors = [.. names.Select((name, o) => new KeyValuePair<string, Tensor>(name, outputs.ToTensor(o)))];
        Guard(() =>
        {
            using var stream = File.Create(PathOf(sample));
            NpyWriter.WriteArchive(stream, tensors);
        });
    }

    private static void Guard(Action action) => Guard(() =>
    {
        action();
        return 0;
    });

    private static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(
                ErrorCodes.MetricFailed, $"the outputs cannot be saved for the metric: {e.Message}", "make room, or set TMPDIR to another disk", e);
        }
    }

    private string PathOf(int sample) => Path.Combine(Folder, sample.ToString("D6", CultureInfo.InvariantCulture) + ".npz");

    private string Line(int sample)
    {
        string labels = string.Join(',', source.LabelsOf(sample).Select(l => l?.ToString(CultureInfo.InvariantCulture)));
        string name = source.NameOf(sample).ReplaceLineEndings(" ").Replace('\t', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{sample}\t{name}\t{labels}");
    }
}

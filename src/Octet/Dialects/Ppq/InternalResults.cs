using System.Globalization;
using System.Runtime.InteropServices;
using Octet.Analysis;
using Octet.Data;
using Octet.Data.Arrays;
using Octet.Formats;

namespace Octet.Dialects.Ppq;

/// <summary>
/// Tensors of the simulation in files, for hardware to be compared with (PPQ 0.6.6, ppq/api/fsys.py: dump_internal_results and
/// compare_cosine_similarity_between_results): <c>inputs/BATCH.npy</c> and <c>outputs/BATCH/TENSOR.dat</c> with 32-bit floats, little-endian.
/// </summary>
public static class InternalResults
{
    /// <summary>The most values of a tensor that are written whole.</summary>
    public const int MostValues = 10000;

    /// <summary>Values that are drawn of larger ones: at <see cref="SeededPositions"/> from <see cref="SeededPositions.DefaultSeed"/>, over the whole batch.</summary>
    public const int Drawn = 4096;

    private const int ComparedValues = 1000;
    private const int MostBytes = 1 << 30;

    /// <summary>Writes every tensor that an operator rounds, and the outputs.</summary>
    /// <param name="graph">The quantized network.</param>
    /// <param name="batches">Data.</param>
    /// <param name="folder">Where <c>inputs</c> and <c>outputs</c> go; it must exist.</param>
    /// <param name="sample">Whether of tensors of more than <see cref="MostValues"/> values only <see cref="Drawn"/> are written.</param>
    /// <param name="progress">Called once a batch.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The tensors' names by the names of their files.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>: no file was written.</exception>
    /// <remarks>Names of tensors may hold slashes, which PPQ takes for folders and fails: here they become underscores, and a slash in front is left out.</remarks>
    public static IReadOnlyDictionary<string, string> Dump(
        PpqGraph graph, ISampleSource batches, string folder, bool sample = true, Action? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(batches);
        string full = Path.GetFullPath(folder);
        string[] tensors = [.. graph.Configs
            .Where(c => c is { State: QuantizationStates.Activated, IsOutput: true }).Select(c => c.Variable)
            .Concat(graph.Float.Graph.Outputs.Select(o => o.Name)).Distinct()];
        var names = NamesOf(tensors);
        using var executor = new PpqExecutor(graph, tensors);
        using var files = new OutputFiles();
        for (int i = 0; i < batches.Count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            var inputs = batches.Load(i).Inputs;
            foreach (var (input, value) in inputs)
            {
                string file = inputs.Count == 1 ? number : $"{number}.{FileName(input)}";
                Write(files, Path.Combine(full, "inputs"), file + ".npy", stream => NpyWriter.Write(stream, value));
            }

            foreach (var (tensor, value) in tensors.Zip(executor.Forward(inputs, cancellationToken)))
            {
                float[] values = value.ToFloats();
                values = sample && values.Length > MostValues ? SeededPositions.Take(values, SeededPositions.Draw(Drawn, values.Length)) : values;
                Write(files, Path.Combine(full, "outputs", number), names[tensor] + ".dat", stream => stream.Write(MemoryMarshal.AsBytes<float>(values)));
            }

            progress?.Invoke();
        }

        files.Commit();
        return names.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);
    }

    /// <summary>Compares the outputs of hardware with those of a dump, over the first 1,000 values of each tensor.</summary>
    /// <param name="reference">The folder <c>outputs</c> of a dump: a folder for each batch.</param>
    /// <param name="target">The same of the hardware; its batches and tensors are compared.</param>
    /// <returns>Measures over all batches by the names of the files, in ordinal order.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.DataMissing"/>, <see cref="ErrorCodes.DataEmpty"/>: there is nothing to compare; <see cref="ErrorCodes.OutputsMismatched"/>: files hold unlike numbers of values.</exception>
    public static IReadOnlyDictionary<string, ErrorMeasures> Compare(string reference, string target)
    {
        foreach (string folder in new[] { reference, target })
        {
            if (!Directory.Exists(folder))
            {
                throw new OctetException(ErrorCodes.DataMissing, $"there is no folder \"{folder}\"", "name the folder outputs of a dump, and that of the hardware");
            }
        }

        string[] batches = [.. Directory.EnumerateDirectories(target).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        var sums = new SortedDictionary<string, List<ErrorSums>>(StringComparer.Ordinal);
        foreach (string batch in batches)
        {
            foreach (string name in Directory.EnumerateFiles(Path.Combine(target, batch), "*.dat").Select(f => Path.GetFileName(f)))
            {
                float[] expected = Read(Path.Combine(reference, batch, name));
                float[] actual = Read(Path.Combine(target, batch, name));
                if (expected.Length != actual.Length)
                {
                    throw new OctetException(
                        ErrorCodes.OutputsMismatched,
                        string.Create(CultureInfo.InvariantCulture, $"\"{name}\" of batch {batch} holds {actual.Length} values in \"{target}\" and {expected.Length} in \"{reference}\""),
                        string.Create(CultureInfo.InvariantCulture, $"of tensors of more than {MostValues} values both must hold the same {Drawn} drawn ones"));
                }

                int count = Math.Min(ComparedValues, expected.Length);
                if (!sums.TryGetValue(name, out var ofTensor))
                {
                    sums.Add(name, ofTensor = []);
                }

                ofTensor.Add(ErrorSums.Of(expected.AsSpan(0, count), actual.AsSpan(0, count)));
            }
        }

        return sums.Count > 0
            ? sums.ToDictionary(s => Path.GetFileNameWithoutExtension(s.Key), s => ErrorMeasures.Of(s.Value), StringComparer.Ordinal)
            : throw new OctetException(ErrorCodes.DataEmpty, $"\"{target}\" holds no folder with .dat files", "give a folder for each batch, as the dump has them");
    }

    private static float[] Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? throw new OctetException(ErrorCodes.DataMissing, $"there is no file \"{path}\"", "give every batch and tensor that the other folder holds")
                : file.Length is 0 or > MostBytes || file.Length % sizeof(float) != 0
                    ? throw new OctetException(ErrorCodes.ArrayMalformed, $"\"{path}\" takes {file.Length} bytes, not those of 32-bit floats", "write the values as 32-bit floats, little-endian")
                : [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"\"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }

    private static void Write(OutputFiles files, string folder, string name, Action<Stream> write)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"folder \"{folder}\" cannot be made: {e.Message}", "check rights, and that no file has its name", e);
        }

        files.Write(Path.Combine(folder, name), write);
    }

    // A number behind names that would be the same.
    private static Dictionary<string, string> NamesOf(string[] tensors)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string tensor in tensors)
        {
            string name = FileName(tensor);
            for (int i = 2; !taken.Add(name); i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{FileName(tensor)}_{i}");
            }

            names.Add(tensor, name);
        }

        return names;
    }

    private static string FileName(string tensor)
    {
        string name = string.Concat(tensor.TrimStart('/').Select(c => c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(c) ? '_' : c));
        return name is "" or "." or ".." ? "_" : name;
    }
}

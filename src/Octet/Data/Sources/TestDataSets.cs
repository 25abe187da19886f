using System.Globalization;
using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>
/// ONNX test data: a folder with <c>input_0.pb</c>, <c>input_1.pb</c>… in the order of the model's inputs, or a folder that holds several
/// such folders, <c>test_data_set_0</c> and so on.
/// </summary>
internal static class TestDataSets
{
    private const string FolderPrefix = "test_data_set_";
    private const string FilePrefix = "input_";

    /// <summary>Whether a folder holds ONNX test data.</summary>
    internal static bool IsFolder(string path) => FoldersOf(path).Count > 0;

    /// <summary>Opens the data for all inputs: each set is one sample.</summary>
    /// <exception cref="OctetException">A set does not have one file for each input.</exception>
    internal static IEnumerable<(InputSpec Spec, InputItems Items)> Open(string path, IReadOnlyList<InputSpec> inputs)
    {
        var folders = FoldersOf(path);
        foreach (string folder in folders)
        {
            int files = Enumerable.Range(0, int.MaxValue).TakeWhile(k => File.Exists(FileOf(folder, k))).Count();
            if (files != inputs.Count)
            {
                throw new OctetException(
                    ErrorCodes.InputsMismatched, $"test data \"{Path.GetFileName(folder)}\" has {files} files of inputs, but the model takes {inputs.Count}: {string.Join(", ", inputs.Select(i => $"\"{i.Name}\""))}");
            }
        }

        return inputs.Select((spec, k) => (spec, (InputItems)new SetItems(
            [.. folders.Select(f => new DataFile(FileOf(f, k), Path.GetFileName(f), null))], spec)));
    }

    private static List<string> FoldersOf(string path)
    {
        if (File.Exists(FileOf(path, 0)))
        {
            return [Path.TrimEndingDirectorySeparator(path)];
        }

        return [.. Directory.EnumerateDirectories(path, FolderPrefix + "*").Where(d => File.Exists(FileOf(d, 0)))
            .OrderBy(d => int.TryParse(Path.GetFileName(d)[FolderPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : int.MaxValue)
            .ThenBy(d => d, StringComparer.Ordinal)];
    }

    private static string FileOf(string folder, int k) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{k}.pb"));

    private sealed class SetItems(IReadOnlyList<DataFile> files, InputSpec spec) : FileItems(files, "as it is")
    {
        // A set is what one run takes, whatever its batch.
        internal override bool AreWholeRuns => true;

        internal override Tensor Load(int index, string place)
            => ValueConversion.To(ShapeFit.Fit(TensorProtoReader.Read(PathOf(index)).Tensor, spec, place), spec, place);
    }
}

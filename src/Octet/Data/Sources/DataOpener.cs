using Octet.Data.Arrays;
using Octet.Data.Images;
using Octet.Data.Preprocessing;

namespace Octet.Data.Sources;

/// <summary>Finds out of what kind a file or folder of samples is, and opens it.</summary>
internal static class DataOpener
{
    /// <summary>The file that tells the labels of a folder of samples.</summary>
    internal const string LabelsFileName = "labels.txt";

    private static readonly string[] RawExtensions = [".bin", ".raw"];
    private static readonly string[] ListExtensions = ["", ".txt", ".lst", ".list"];
    private static readonly string[] KnownCompanions = [LabelsFileName, "Thumbs.db", "desktop.ini", "README", "README.md", "README.txt", "LICENSE", "LICENSE.txt"];

    /// <summary>Opens the data of one part of a specification.</summary>
    /// <returns>Items for each of the inputs.</returns>
    /// <exception cref="OctetException">The data is missing or of no known kind.</exception>
    internal static IEnumerable<(InputSpec Spec, InputItems Items)> Open(string path, IReadOnlyList<InputSpec> inputs, SampleOptions options)
    {
        if (Directory.Exists(path) && TestDataSets.IsFolder(path))
        {
            return TestDataSets.Open(path, inputs);
        }

        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            return OpenArchive(path, inputs, options);
        }

        return inputs.Count == 1
            ? [(inputs[0], Directory.Exists(path) ? OpenFolder(path, inputs[0], options) : OpenFile(path, inputs[0], options))]
            : throw new OctetException(
                ErrorCodes.InputsMismatched, $"the model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => $"\"{i.Name}\""))}), but \"{path}\" holds data of one",
                $"say --data {string.Join(',', inputs.Select(i => $"{i.Name}=PATH"))}");
    }

    private static InputItems OpenFile(string path, InputSpec spec, SampleOptions options)
    {
        if (!File.Exists(path))
        {
            throw new OctetException(ErrorCodes.DataMissing, $"there is no file or folder \"{path}\"");
        }

        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (IdxReader.HasName(path))
        {
            return Rows(IdxReader.Open(path), spec, options);
        }

        if (extension == ".npy")
        {
            return Rows(NpyReader.Open(path), spec, options);
        }

        if (RawExtensions.Contains(extension))
        {
            return Rows(RawReader.Open(path, spec), spec, options);
        }

        if (PictureFile.HasPictureName(path))
        {
            return OfFiles(path, [new DataFile(path, Path.GetFileName(path), null)], spec, options);
        }

        return ListExtensions.Contains(extension)
            ? OfFiles(path, ListFile.Read(path), spec, options)
            : throw new OctetException(
                ErrorCodes.DataUnrecognized, $"\"{path}\" is of no kind that samples are read from", "give a folder, a list (.txt), a picture, .npy, .npz, IDX, .bin or a folder of ONNX test data");
    }

    private static InputItems OpenFolder(string path, InputSpec spec, SampleOptions options)
    {
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f)).Where(n => !n.StartsWith('.') && !KnownCompanions.Contains(n, StringComparer.OrdinalIgnoreCase))];
            if (names.Length == 0 && Directory.EnumerateDirectories(path).Any())
            {
                throw new OctetException(ErrorCodes.DataEmpty, $"folder \"{path}\" holds folders but no samples", "write a list file with a line \"folder/name label\" for each sample");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.DataUnreadable, $"folder \"{path}\" cannot be read: {e.Message}", innerException: e);
        }

        Array.Sort(names, StringComparer.Ordinal);
        return OfFiles(path, [.. names.Select(n => new DataFile(Path.Combine(path, n), n, null))], spec, options);
    }

    /// <summary>Files of one sample each; their kind is that of the first one, and all others must be of it.</summary>
    private static InputItems OfFiles(string path, IReadOnlyList<DataFile> files, InputSpec spec, SampleOptions options)
    {
        if (files.Count == 0)
        {
            throw new OctetException(ErrorCodes.DataEmpty, $"there are no samples in \"{path}\"");
        }

        var kinds = files.Select(f => KindOf(f.Name)).ToArray();
        var kind = kinds.Contains(FileKind.Picture) ? FileKind.Picture : kinds.First();
        var strangers = files.Where((_, i) => kinds[i] != kind).Select(f => $"\"{f.Name}\"").ToArray();
        if (strangers.Length > 0 || kind == FileKind.Other)
        {
            string named = TextLines.Join(strangers.Length > 0 ? strangers : [.. files.Select(f => $"\"{f.Name}\"")]);
            throw kind switch
            {
                FileKind.Picture => new OctetException(ErrorCodes.NotAPicture, $"among the pictures in \"{path}\" are files that are none: {named}", "remove them from the data"),
                FileKind.Other => new OctetException(ErrorCodes.DataUnrecognized, $"\"{path}\" holds files that are neither pictures nor arrays: {named}", "samples are JPEG, PNG, BMP, WebP, TIFF, .npy or .bin files"),
                _ => new OctetException(ErrorCodes.DataUnrecognized, $"among the arrays in \"{path}\" are files of other kinds: {named}", "remove them from the data"),
            };
        }

        return kind switch
        {
            FileKind.Picture => new PictureItems(files, PicturePipeline.For(options.Preprocess ?? Preprocess.None, spec)),
            FileKind.Npy => new ArrayFileItems(files, NpyReader.Open, Preparation(spec, options)),
            _ => new ArrayFileItems(files, f => RawReader.Open(f, spec), Preparation(spec, options)),
        };
    }

    private static IEnumerable<(InputSpec Spec, InputItems Items)> OpenArchive(string path, IReadOnlyList<InputSpec> inputs, SampleOptions options)
    {
        var arrays = NpzReader.Open(path);
        if (inputs.Count == 1 && arrays.Count == 1)
        {
            return [(inputs[0], Rows(arrays[0].Value, inputs[0], options))];
        }

        var missing = inputs.Where(i => arrays.All(a => a.Key != i.Name)).Select(i => $"\"{i.Name}\"").ToArray();
        return missing.Length == 0
            ? [.. inputs.Select(i => (i, (InputItems)Rows(arrays.First(a => a.Key == i.Name).Value, i, options)))]
            : throw new OctetException(
                ErrorCodes.InputsMismatched, $"\"{path}\" has no array for input {string.Join(", ", missing)}; it holds {TextLines.Join([.. arrays.Select(a => $"\"{a.Key}\"")])}",
                "name the arrays as the model names its inputs");
    }

    private static RowItems Rows(ArrayFile array, InputSpec spec, SampleOptions options) => new(array, spec, Preparation(spec, options));

    /// <summary>The recipe is for pictures; where a model has several inputs, those with fewer than three dimensions (token ids, lengths) are none.</summary>
    private static ArrayPreparation Preparation(InputSpec spec, SampleOptions options) => new(spec, spec.Dimensions.Count < 3 ? null : options.Preprocess);

    private static FileKind KindOf(string name)
    {
        string extension = Path.GetExtension(name).ToLowerInvariant();
        return PictureFile.HasPictureName(name) ? FileKind.Picture
            : extension == ".npy" ? FileKind.Npy
            : RawExtensions.Contains(extension) ? FileKind.Raw
            : FileKind.Other;
    }

    private enum FileKind
    {
        Other,
        Picture,
        Npy,
        Raw,
    }
}

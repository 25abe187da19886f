using System.Security.Cryptography;
using System.Text;
using Octet.Data.Arrays;
using Octet.Data.Images;
using Octet.Data.Preprocessing;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>Items that lie in a file each.</summary>
internal abstract class FileItems(IReadOnlyList<DataFile> files, string treatment) : InputItems
{
    internal override int Count => files.Count;

    internal override string NameOf(int index) => files[index].Name;

    internal override int? LabelOf(int index) => files[index].Label;

    internal override void AppendTo(IncrementalHash hash, IReadOnlyList<int> chosen)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(treatment));
        foreach (int index in chosen)
        {
            var file = files[index];
            try
            {
                using var stream = File.OpenRead(file.Path);
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new OctetException(ErrorCodes.DataUnreadable, $"\"{file.Name}\" cannot be read: {e.Message}", innerException: e);
            }
        }
    }

    private protected string PathOf(int index) => files[index].Path;
}

/// <summary>A picture a file.</summary>
internal sealed class PictureItems(IReadOnlyList<DataFile> files, PicturePipeline pipeline) : FileItems(files, pipeline.Recipe)
{
    internal override bool AreWholeRuns => !pipeline.HasBatch;

    internal override Tensor Load(int index, string place) => pipeline.Run(PictureFile.Read(PathOf(index), place), place);
}

/// <summary>An array a file.</summary>
internal sealed class ArrayFileItems(IReadOnlyList<DataFile> files, Func<string, ArrayFile> open, ArrayPreparation preparation)
    : FileItems(files, preparation.Treatment)
{
    // The first file tells for all whether they bring the model's whole batch.
    private readonly Lazy<bool> areWholeRuns = new(() => files.Count > 0 && preparation.IsWholeRun(open(files[0].Path).Shape));

    internal override bool AreWholeRuns => areWholeRuns.Value;

    internal override Tensor Load(int index, string place) => preparation.Prepare(open(PathOf(index)).ReadAll(), place);
}

namespace Octet.Formats;

/// <summary>Files that appear together or not at all: they are written under other names beside their places, then renamed.</summary>
public sealed class OutputFiles : IDisposable
{
    private readonly List<(string Temporary, string Path)> files = [];

    /// <summary>Writes a file, without making it appear yet.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public void Write(string path, Action<Stream> write)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        Guard(path, () =>
        {
            if (Directory.Exists(path))
            {
                throw new IOException("a folder has this name");
            }

            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            files.Add((temporary, path));
            write(stream);
        });
    }

    /// <summary>Makes the files appear, in the order in which they were written.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public void Commit()
    {
        foreach (var (temporary, path) in files)
        {
            Guard(path, () => File.Move(temporary, path, overwrite: true));
        }

        files.Clear();
    }

    /// <summary>Removes what was written but did not appear.</summary>
    public void Dispose()
    {
        foreach (var (temporary, _) in files)
        {
            File.Delete(temporary);
        }
    }

    private static void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"\"{path}\" cannot be written: {e.Message}", "check that its folder exists and has room", e);
        }
    }
}

using Microsoft.Win32.SafeHandles;

namespace Octet.Data.Arrays;

/// <summary>The bytes of a file, read where they are asked for.</summary>
internal sealed class FileBytes(SafeFileHandle handle) : RandomBytes, IDisposable
{
    internal override long Length => RandomAccess.GetLength(handle);

    public void Dispose() => handle.Dispose();

    /// <summary>A new empty file of this process only, deleted when it is closed.</summary>
    internal static FileBytes Temporary()
    {
        string path = Path.Combine(Path.GetTempPath(), $"octet-{Guid.NewGuid():N}.tmp");
        return new FileBytes(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));
    }

    internal void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    internal override void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(handle, destination, offset);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            offset += count;
            destination = destination[count..];
        }
    }
}

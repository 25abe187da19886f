using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Octet.Formats.Onnx;

/// <summary>A read-only memory map of a whole file, which lasts as long as a tensor over it does.</summary>
internal sealed unsafe partial class MappedFile
{
    // So much may count as this process's memory before it is given back. The system keeps the pages as long as it has room for them.
    private const long ResidentLimit = 64L << 20;
    private const int DoNotNeed = 4;

    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* start;
    private long touched;

    private MappedFile(string path, long length, MemoryMappedViewAccessor? view)
    {
        Path = path;
        Length = length;
        this.view = view;
        if (view is not null)
        {
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            start += view.PointerOffset;
        }
    }

    ~MappedFile()
    {
        if (view is not null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
        }
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MappedFile Open(string path)
    {
        // Pipes and devices report no length and would block or never end: they are not opened.
        long length = new FileInfo(path).Length;
        if (length == 0)
        {
            return new MappedFile(path, 0, null);
        }

        using var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        return new MappedFile(path, length, map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read));
    }

    /// <summary>A view of a part, which the caller has checked to lie inside.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if (OperatingSystem.IsLinux() && Interlocked.Add(ref touched, length) > ResidentLimit)
        {
            // Views stay valid: what is read again comes from the file again.
            Interlocked.Exchange(ref touched, length);
            _ = Advise(start, (nuint)Length, DoNotNeed);
        }

        return new ReadOnlySpan<byte>(start + offset, length);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint length, int advice);
}

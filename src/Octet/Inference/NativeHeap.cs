using System.Runtime.InteropServices;

namespace Octet.Inference;

/// <summary>
/// The C library's heap, which ONNX Runtime takes tensors from. That of Linux keeps what is freed for later, in a part of its own for each thread, unless it is told
/// that large blocks shall come from the system and go back to it.
/// </summary>
public static partial class NativeHeap
{
    // Parameters of glibc's mallopt(3).
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;
    private const int LargeBlock = 1 << 20;

    /// <summary>From now on, freed tensors go back to the system. Costs time; for those who must keep a limit.</summary>
    public static void ReturnFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = mallopt(MmapThreshold, LargeBlock);
            _ = mallopt(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries have no such heap.
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}

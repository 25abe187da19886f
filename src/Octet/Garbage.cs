using System.Runtime.InteropServices;

namespace Octet;

/// <summary>
/// Collects garbage where the collector would wait: on machines with much memory it lets large arrays pile up to several times what is in
/// use. The arrays hold numbers only, so that a collection costs some milliseconds.
/// </summary>
internal static partial class Garbage
{
    private const long Much = 32L << 20;

    private static long CollectedAt;

    /// <summary>Collects now, and gives the memory back to the system.</summary>
    public static void Collect()
    {
        Volatile.Write(ref CollectedAt, GC.GetTotalAllocatedBytes());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _))
        {
            // What closed sessions of ONNX Runtime gave back; only glibc has this.
            _ = TrimNative(0);
        }
    }

    /// <summary>Collects where more than 32 MB were allocated since the last time. Any thread may call it.</summary>
    public static void CollectIfMuch()
    {
        long last = Volatile.Read(ref CollectedAt);
        long allocated = GC.GetTotalAllocatedBytes();
        if (allocated - last > Much && Interlocked.CompareExchange(ref CollectedAt, allocated, last) == last)
        {
            GC.Collect();
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNative(nuint pad);
}

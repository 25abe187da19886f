using System.Reflection;
using System.Runtime.InteropServices;

namespace Octet;

/// <summary>Finds the native libraries that ship with Octet: beside it under <c>runtimes/&lt;rid&gt;/native</c>, never in the system's folders.</summary>
internal static class NativeLibraries
{
    /// <summary>The name under which <c>LibraryImport</c> declarations of this assembly import libvips.</summary>
    public const string Vips = "vips";

    private static readonly Lazy<bool> Registration = new(static () =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, static (name, _, _) => name == Vips ? Load(name) : 0);
        return true;
    });

    /// <summary>Makes imports of <see cref="Vips"/> resolve; call it before the first native call. Any number of calls from any thread.</summary>
    public static void EnsureRegistered() => _ = Registration.Value;

    /// <summary>Loads a library that ships with Octet.</summary>
    /// <param name="name">Its name without prefix and extension.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NativeLibraryMissing"/>: there is none for this kind of machine, or it cannot be loaded.</exception>
    public static nint Load(string name)
    {
        var path = PathOf(name);
        if (NativeLibrary.TryLoad(path, out var handle))
        {
            return handle;
        }

        // With a restored package the runtimes folder is not beside the program; there the host knows the way.
        if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.AssemblyDirectory, out handle))
        {
            return handle;
        }

        throw new OctetException(
            ErrorCodes.NativeLibraryMissing,
            $"the native library {name} could not be loaded from {path}",
            "Octet runs on Linux x64 (glibc), Windows x64 and arm64, and macOS arm64");
    }

    private static string PathOf(string name)
    {
        var (system, file) =
            OperatingSystem.IsWindows() ? ("win", $"{name}.dll") :
            OperatingSystem.IsMacOS() ? ("osx", $"lib{name}.dylib") : ("linux", $"lib{name}.so");
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            var other => other.ToString(),
        };
        return Path.Combine(AppContext.BaseDirectory, "runtimes", $"{system}-{architecture}", "native", file);
    }
}

namespace Octet.Tests;

/// <summary>Where the tests find models and data that are not part of the repository: <c>../shared</c> beside it.</summary>
internal static class SharedData
{
    /// <summary>The repository's root: the nearest folder above the test assembly that holds Octet.slnx.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static string SharedRoot { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"));

    private static string DataRoot { get; } = Environment.GetEnvironmentVariable("OCTET_TEST_DATA") is { Length: > 0 } folder
        ? folder
        : Path.Combine(SharedRoot, "data");

    /// <summary>A file or folder of the shared data, for example <c>PathOf("mnist/lenet.onnx")</c>; it may be missing.</summary>
    public static string PathOf(string relative) => Path.Combine(DataRoot, relative);

    /// <summary>A file or folder beside the shared data, for example <c>BesidePathOf("golden")</c>; it may be missing.</summary>
    public static string BesidePathOf(string relative) => Path.Combine(SharedRoot, relative);

    /// <summary>Null where all the named files and folders of the shared data are present, else the message to skip a test with.</summary>
    public static string? SkipReason(params ReadOnlySpan<string> relatives)
    {
        if (!Directory.Exists(DataRoot))
        {
            return $"needs the shared data, which is not at {DataRoot} (OCTET_TEST_DATA names another folder)";
        }

        foreach (var relative in relatives)
        {
            if (!Path.Exists(PathOf(relative)))
            {
                return $"needs {relative} of the shared data, which is missing there";
            }
        }

        return null;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Octet.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Octet.slnx");
    }
}

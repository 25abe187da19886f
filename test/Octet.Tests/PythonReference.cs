using System.Diagnostics;

namespace Octet.Tests;

/// <summary>
/// The reference tools' Python (onnx with its checker, another ONNX Runtime, numpy): an environment made once from <c>../shared/reference</c>, in
/// the folder of build output.
/// </summary>
internal static class PythonReference
{
    private static readonly Lazy<string> Python = new(Find);

    private static string Maker => SharedData.BesidePathOf("reference/make-venv");

    /// <summary>Null where the tools are at hand, else the message to skip a test with.</summary>
    public static string? SkipReason => File.Exists(Maker) ? null : $"needs the reference tools, which are not at {Maker}";

    /// <summary>Runs a script of the tests and returns what it printed.</summary>
    /// <param name="script">Relative to the tests' project, for example <c>Formats/Onnx/conformance.py</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> Run(string script, params IEnumerable<string> arguments)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "test", "Octet.Tests", script);
        return (await ProcessRun.Of(Python.Value, [path, .. arguments])).Succeeded().Output;
    }

    private static string Find()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "artifacts", "reference-venv");
        string python = Path.Combine(folder, "bin", "python");
        string ready = Path.Combine(folder, "ready");
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);

        // Another test run may be making it.
        using var gate = Lock(folder + ".lock");
        if (!File.Exists(ready))
        {
            var run = ProcessRun.Of(Maker, [folder]).GetAwaiter().GetResult().Succeeded();
            File.WriteAllText(ready, run.Output);
        }

        return python;
    }

    private static FileStream Lock(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(5))
            {
                Thread.Sleep(200);
            }
        }
    }
}
